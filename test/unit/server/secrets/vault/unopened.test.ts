/** Records that cannot be opened hold up nobody: neither the others of their kind, nor a start, nor who removes them. */
import test from 'ava'
import type { Entity, Kind } from '../../../../../server/core/entity.ts'
import { createSealMark } from '../../../../../server/secrets/vault/seal-mark.ts'
import type { Resting } from '../../../../../server/secrets/vault/sealing.ts'
import type { Store } from '../../../../../server/store/port.ts'
import { type Note, note } from '../../../../contract/store/samples.ts'
import { begin, breakSeal, fill, filled, isSealedWith, newStage, resting } from './stage.ts'

test('a record that cannot be opened holds up neither the others nor a start; former keys stay until it is gone', async t => {
  const { stage, vault } = await filled()
  const raw = stage.raw.collection<Resting<Note>>('Secret')
  const a = await raw.get('solo', 'a')
  const b = await raw.get('solo', 'b')
  if (!a?.sealed || !b?.sealed) return t.fail()
  await raw.rewrite({ ...a, sealed: b.sealed })
  const [former] = stage.kept
  await t.throwsAsync(vault.rotate(), { message: /^secret a cannot be opened: it was changed outside of Dispatch/ })
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

test('a record in the place of another, or with a key that is gone, is refused by its name', async t => {
  const { stage, vault } = await filled()
  const raw = stage.raw.collection<Resting<Note>>('Secret')
  const [a, b] = [await raw.get('solo', 'a'), await raw.get('solo', 'b')]
  if (!a?.sealed || !b?.sealed) return t.fail()
  await raw.rewrite({ ...a, sealed: b.sealed })
  const secrets = vault.store.collection<Note>('Secret')
  const swapped = await t.throwsAsync(secrets.get('solo', 'a'))
  t.like(swapped, { entry: 'SEAL_BROKEN', httpStatus: 500 })
  t.regex(swapped?.message ?? '', /^secret a cannot be opened: .* put in the place of another; put the database/)
  await raw.rewrite({ ...b, sealed: { ...b.sealed, key: '0123456789abcdef' } })
  const unknown = await t.throwsAsync(secrets.get('solo', 'b'))
  t.regex(unknown?.message ?? '', /sealed with key 0123456789abcdef, which this server does not have/)
  t.is((await secrets.get('solo', 'c'))?.text, 'text of c')
})

test('lists have what cannot be opened too: in ERROR, with a reason, and what stands for its secret', async t => {
  const { stage, vault } = await filled()
  const secrets = vault.store.collection<Note>('Secret')
  await breakSeal(stage.raw, 'Secret', note('b'))
  const shown = await secrets.list('solo')
  t.deepEqual(
    shown.map(({ name, status, text }) => [name, status, text]),
    [
      ['a', 'INITIALIZED', 'text of a'],
      ['b', 'ERROR', ''],
      ['c', 'INITIALIZED', 'text of c'],
    ],
  )
  t.regex(shown[1]?.reason?.[0] ?? '', /^secret b cannot be opened/)
  t.deepEqual(await secrets.peek('solo', 'b'), shown[1])
  t.false(JSON.stringify(shown).includes('sealed'))
})

test('a record whose seal is gone, and what it held too, is one that cannot be opened', async t => {
  const { stage, vault } = await filled()
  const { id } = note('a')
  await stage.raw
    .collection('Secret')
    .rewrite({ ...note('a'), id, revision: 1, text: undefined, sealed: undefined } as never)
  await t.throwsAsync(vault.store.collection('Secret').get('solo', 'a'), { message: /its seal is gone/ })
})

test('who writes what is shown unopened leaves its envelope as it was', async t => {
  const { stage, vault } = await filled()
  await breakSeal(stage.raw, 'Secret', note('b'))
  const before = await stage.raw.collection<Resting<Note>>('Secret').get('solo', 'b')
  const secrets = vault.store.collection<Note>('Secret')
  const shown = await secrets.peek('solo', 'b')
  if (!shown) return t.fail()
  await secrets.update({ ...shown, status: 'DELETING' })
  const after = await stage.raw.collection<Resting<Note>>('Secret').get('solo', 'b')
  t.deepEqual([after?.status, after?.text, after?.sealed], ['DELETING', undefined, before?.sealed])
  t.like(await secrets.peek('solo', 'b'), { status: 'DELETING', text: '' })
})
