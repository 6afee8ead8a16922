/** What rests in the store is sealed under one key, whatever it was before, also when a crash comes in between. */
import test from 'ava'
import { pino } from 'pino'
import type { Entity, Kind } from '../../../../../server/core/entity.ts'
import { createKey, type SealKey } from '../../../../../server/secrets/vault/key.ts'
import { createKeyRing, type Keys } from '../../../../../server/secrets/vault/key-ring.ts'
import { createSealMark } from '../../../../../server/secrets/vault/seal-mark.ts'
import type { Resting } from '../../../../../server/secrets/vault/sealing.ts'
import { createVault, type Vault } from '../../../../../server/secrets/vault/vault.ts'
import { createMemoryStore } from '../../../../../server/store/memory.ts'
import type { Store } from '../../../../../server/store/port.ts'
import { type Note, note } from '../../../../contract/store/samples.ts'

const fields = { Secret: ['text'], Source: ['text'] } as const
const names = ['a', 'b', 'c']

interface Stage {
  raw: Store
  /** As they would be in the file. */
  kept: Keys
}

const newStage = (): Stage => ({ raw: createMemoryStore(), kept: [createKey()] })

/** A server that starts on what the stage holds. */
function begin(stage: Stage, store = stage.raw, keep = async () => {}): Vault {
  const keys = createKeyRing(stage.kept, {
    name: 'the key file',
    keep: async others => {
      await keep()
      stage.kept = others
    },
  })
  return createVault({ store, fields, keys, log: pino({ level: 'silent' }) })
}

async function fill(store: Store): Promise<void> {
  for (const name of names) {
    await store.collection<Note>('Secret').create(note(name))
    await store.collection<Note>('Source').create(note(name, { org: 'other' }))
    await store.collection<Note>('Function').create(note(name))
  }
}

const resting = async ({ raw }: Stage): Promise<Resting<Note>[]> => [
  ...(await raw.collection<Resting<Note>>('Secret').list()),
  ...(await raw.collection<Resting<Note>>('Source').list()),
]

const texts = async ({ store }: Vault): Promise<string[]> =>
  (await store.collection<Note>('Secret').list()).map(({ text }) => text)

const filledTexts = names.map(name => note(name).text)

async function isSealedWith(t: { deepEqual(a: unknown, b: unknown): unknown }, stage: Stage, key: SealKey) {
  t.deepEqual(
    (await resting(stage)).map(({ text, sealed }) => [text, sealed?.key]),
    Array.from({ length: 2 * names.length }, () => [undefined, key.id]),
  )
  t.deepEqual(await createSealMark(stage.raw.events).needed(), [key.id])
}

test('what is secret rests sealed, the rest and other kinds as they are', async t => {
  const stage = newStage()
  const vault = begin(stage)
  await vault.start()
  await fill(vault.store)
  await isSealedWith(t, stage, stage.kept[0])
  t.is((await stage.raw.collection<Note>('Function').get('solo', 'a'))?.text, 'text of a')
  t.like(await stage.raw.collection<Note>('Secret').get('solo', 'a'), { name: 'a', tags: note('a').tags })
  t.deepEqual(await texts(vault), filledTexts)
})

test('what an earlier version stored in clear is sealed by the first start, without a new revision or a change told', async t => {
  const stage = newStage()
  await fill(stage.raw)
  let changes = 0
  stage.raw.onChange(() => changes++)
  let scrubs = 0
  const scrub = async () => void scrubs++
  const vault = begin(stage, { ...stage.raw, scrub })
  await vault.start()
  await isSealedWith(t, stage, stage.kept[0])
  t.deepEqual([changes, scrubs], [0, 1])
  t.deepEqual(await vault.store.collection<Note>('Secret').get('solo', 'a'), note('a', { revision: 1 }))
  await begin(stage, { ...stage.raw, scrub }).start()
  t.is(scrubs, 1)
})

test('the file is written anew also when all that was in clear is removed by then', async t => {
  const stage = newStage()
  let scrubs = 0
  await begin(stage, { ...stage.raw, scrub: async () => void scrubs++ }).start()
  t.is(scrubs, 1)
})

test('a start goes on when the file cannot be written anew, and the next one tries again', async t => {
  const stage = newStage()
  await fill(stage.raw)
  const refused = { ...stage.raw, scrub: async () => Promise.reject(new Error('the disk is full')) }
  const vault = begin(stage, refused)
  await vault.start()
  t.deepEqual(await texts(vault), filledTexts)
  let scrubs = 0
  const scrub = async () => void scrubs++
  for (const _ of ['next', 'last']) await begin(stage, { ...stage.raw, scrub }).start()
  t.is(scrubs, 1)
})

test('a key file that cannot be written stops no start, and is told to who rotates', async t => {
  const stage = newStage()
  const first = begin(stage)
  await first.start()
  await fill(first.store)
  stage.kept = [createKey(), ...stage.kept]
  const refuse = async () => Promise.reject(new Error('EACCES'))
  const vault = begin(stage, stage.raw, refuse)
  await vault.start()
  await isSealedWith(t, stage, stage.kept[0])
  await t.throwsAsync(vault.rotate(), { message: /^the keys come from the key file, which others write/ })
})

test('a record that cannot be opened holds up neither the others nor a start; former keys stay until it is gone', async t => {
  const stage = newStage()
  const vault = begin(stage)
  await vault.start()
  await fill(vault.store)
  const raw = stage.raw.collection<Resting<Note>>('Secret')
  const a = await raw.get('solo', 'a')
  const b = await raw.get('solo', 'b')
  if (!a?.sealed || !b?.sealed) return t.fail()
  await raw.rewrite({ ...a, sealed: b.sealed })
  const [former] = stage.kept
  await t.throwsAsync(vault.rotate(), { message: 'internal error when processing secret a' })
  t.deepEqual(
    (await resting(stage)).filter(({ sealed }) => sealed?.key === former.id).map(({ name }) => name),
    ['a'],
  )
  const next = begin(stage)
  await next.start()
  t.deepEqual(stage.kept.at(-1), former)
  await next.store.collection('Secret').remove('solo', 'a')
  await begin(stage).start()
  t.is(stage.kept.length, 1)
  t.deepEqual(await createSealMark(stage.raw.events).needed(), [stage.kept[0].id])
})

test('a row that cannot be read, or never be written anew, holds up no start', async t => {
  const stage = newStage()
  await fill(stage.raw)
  const odd: Store = {
    ...stage.raw,
    collection: <T extends Entity>(kind: Kind) => {
      const inner = stage.raw.collection<T>(kind)
      return {
        ...inner,
        get: (org: string, name: string) =>
          name === 'a' ? Promise.reject(new SyntaxError('no JSON')) : inner.get(org, name),
        rewrite: async (entity: T) => entity.name !== 'b' && (await inner.rewrite(entity)),
      }
    },
  }
  await begin(stage, odd).start()
  t.deepEqual(
    (await resting(stage)).filter(({ sealed }) => sealed).map(({ name }) => name),
    ['c', 'c'],
  )
  await begin(stage).start()
  await isSealedWith(t, stage, stage.kept[0])
})

test('a rotation seals everything anew and forgets the former key, while others read and write', async t => {
  const stage = newStage()
  const vault = begin(stage)
  await vault.start()
  await fill(vault.store)
  const [former] = stage.kept
  const secrets = vault.store.collection<Note>('Secret')
  const sources = vault.store.collection<Note>('Source')
  const write = async (name: string) => {
    for (let turn = 0; turn < 20; turn++) {
      const held = await secrets.get('solo', name)
      if (held) await secrets.update({ ...held, text: `${name} ${turn}` })
      await sources.create(note(`${name}-${turn}`))
      await sources.remove('solo', `${name}-${turn}`)
    }
  }
  const [rotation] = await Promise.all([vault.rotate(), ...names.map(write)])
  t.is(stage.kept.length, 1)
  t.not(stage.kept[0].id, former.id)
  t.is(rotation.key, stage.kept[0].id)
  await isSealedWith(t, stage, stage.kept[0])
  t.deepEqual(
    await texts(vault),
    names.map(name => `${name} 19`),
  )
  t.deepEqual(
    await texts(begin(stage)),
    names.map(name => `${name} 19`),
  )
})

test('rotations do not overlap', async t => {
  const vault = begin(newStage())
  await vault.start()
  const [first, second] = await Promise.allSettled([vault.rotate(), vault.rotate()])
  t.is(first.status, 'fulfilled')
  t.like(second, { reason: { entry: 'KEYS_ROTATING', httpStatus: 409 } })
  await t.notThrowsAsync(vault.rotate())
})

test('keys that come from somebody else are left alone; a new one before the present one is taken by the next start', async t => {
  const stage = newStage()
  const first = begin(stage)
  await first.start()
  await fill(first.store)
  const given = (keys: Keys) =>
    createVault({
      store: stage.raw,
      fields,
      keys: createKeyRing(keys, { name: '/run/credentials/dispatch-key' }),
      log: pino({ level: 'silent' }),
    })
  await t.throwsAsync(given(stage.kept).rotate(), { message: /^the keys come from \/run\/credentials\/dispatch-key/ })
  const next = createKey()
  await given([next, ...stage.kept]).start()
  await isSealedWith(t, stage, next)
  t.deepEqual(await texts(given([next])), filledTexts)
})

/** Each write of the store and of the key file, counted from the beginning, is where one of the cases ends. */
for (const what of ['the first start', 'a rotation'] as const)
  test(`whichever write ${what} ends at, the next start opens everything and ends what was begun`, async t => {
    let isThrough = false
    for (let crashAt = 0; !isThrough; crashAt++) {
      const stage = newStage()
      if (what === 'the first start') await fill(stage.raw)
      else {
        const before = begin(stage)
        await before.start()
        await fill(before.store)
      }
      let left = crashAt
      let scrubs = 0
      const pass = async () => {
        if (left-- <= 0) throw new Error('crash')
      }
      const crashing: Store = {
        ...stage.raw,
        scrub: () => pass().then(() => void scrubs++),
        events: { ...stage.raw.events, put: (...args) => pass().then(() => stage.raw.events.put(...args)) },
        collection: <T extends Entity>(kind: Kind) => {
          const collection = stage.raw.collection<T>(kind)
          const rewrite = (entity: T) => pass().then(() => collection.rewrite(entity))
          return { ...collection, rewrite }
        },
      }
      const vault = begin(stage, crashing, pass)
      const work = what === 'the first start' ? vault.start() : vault.rotate()
      isThrough = await work.then(
        () => true,
        () => false,
      )
      const next = begin(stage, { ...stage.raw, scrub: async () => void scrubs++ })
      await next.start()
      if (what === 'the first start') t.true(scrubs > 0, `ended at write ${crashAt}`)
      t.deepEqual(await texts(next), filledTexts, `ended at write ${crashAt}`)
      t.is(stage.kept.length, 1)
      await isSealedWith(t, stage, stage.kept[0])
    }
  })

test('a record in the place of another, or with a key that is gone, is refused by its name', async t => {
  const stage = newStage()
  const vault = begin(stage)
  await vault.start()
  await fill(vault.store)
  const raw = stage.raw.collection<Resting<Note>>('Secret')
  const [a, b] = [await raw.get('solo', 'a'), await raw.get('solo', 'b')]
  if (!a?.sealed || !b?.sealed) return t.fail()
  await raw.rewrite({ ...a, sealed: b.sealed })
  const secrets = vault.store.collection<Note>('Secret')
  const swapped = await t.throwsAsync(secrets.get('solo', 'a'))
  t.like(swapped, { message: 'internal error when processing secret a', httpStatus: 500 })
  t.regex(String(swapped?.cause), /put in the place of another/)
  await raw.rewrite({ ...b, sealed: { ...b.sealed, key: '0123456789abcdef' } })
  const unknown = await t.throwsAsync(secrets.get('solo', 'b'))
  t.regex(String(unknown?.cause), /sealed with key 0123456789abcdef, which is not in the key file/)
  t.is((await secrets.get('solo', 'c'))?.text, 'text of c')
})
