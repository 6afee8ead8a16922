/** A store with records in it, and servers that begin on it with the keys of a file; and such files. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { ExecutionContext } from 'ava'
import { pino } from 'pino'
import type { Kind } from '../../../../../server/core/entity.ts'
import { createKey, type SealKey } from '../../../../../server/secrets/vault/key.ts'
import { type KeyFileOptions, openKeyFile } from '../../../../../server/secrets/vault/key-file.ts'
import { createKeyRing, type Keys } from '../../../../../server/secrets/vault/key-ring.ts'
import { createSealMark } from '../../../../../server/secrets/vault/seal-mark.ts'
import type { SealedFields } from '../../../../../server/secrets/vault/sealed-store.ts'
import type { Resting } from '../../../../../server/secrets/vault/sealing.ts'
import { createVault, type Vault } from '../../../../../server/secrets/vault/vault.ts'
import { createMemoryStore } from '../../../../../server/store/memory.ts'
import type { Store } from '../../../../../server/store/port.ts'
import { type Note, note, temporaryDir } from '../../../../contract/store/samples.ts'

const fields = { Secret: { text: '' }, Source: { text: '' } } as const satisfies SealedFields
/** As of a later version, which takes more for a secret. */
export const moreFields = {
  Secret: { text: '', tags: null },
  Source: { tags: null, text: '' },
  Function: { text: '' },
} as const satisfies SealedFields
export const names = ['a', 'b', 'c']
export const filledTexts = names.map(name => note(name).text)

export interface Stage {
  raw: Store
  /** As they would be in the file. */
  kept: Keys
  fields: SealedFields
}

export const newStage = (): Stage => ({ raw: createMemoryStore(), kept: [createKey()], fields })

/** A server that starts on what the stage holds. */
export function begin(stage: Stage, store = stage.raw, keep = async () => {}): Vault {
  const keys = createKeyRing(stage.kept, {
    name: 'the key file',
    keep: async others => {
      await keep()
      stage.kept = others
    },
  })
  return createVault({ store, fields: stage.fields, keys, log: pino({ level: 'silent' }) })
}

/** One that gets its keys from somebody else. */
export const beginWith = (stage: Stage, keys: Keys): Vault =>
  createVault({
    ...{ store: stage.raw, fields: stage.fields, log: pino({ level: 'silent' }) },
    keys: createKeyRing(keys, { name: '/run/credentials/dispatch-key' }),
  })

export async function fill(store: Store): Promise<void> {
  for (const name of names) {
    await store.collection<Note>('Secret').create(note(name))
    await store.collection<Note>('Source').create(note(name, { org: 'other' }))
    await store.collection<Note>('Function').create(note(name))
  }
}

/** A stage whose server has started and stored something. */
export async function filled(stage = newStage()): Promise<{ stage: Stage; vault: Vault }> {
  const vault = begin(stage)
  await vault.start()
  await fill(vault.store)
  return { stage, vault }
}

export const resting = async ({ raw }: Stage): Promise<Resting<Note>[]> => [
  ...(await raw.collection<Resting<Note>>('Secret').list()),
  ...(await raw.collection<Resting<Note>>('Source').list()),
]

export const texts = async ({ store }: Vault): Promise<string[]> =>
  (await store.collection<Note>('Secret').list()).map(({ text }) => text)

export async function isSealedWith(t: { deepEqual(a: unknown, b: unknown): unknown }, stage: Stage, key: SealKey) {
  t.deepEqual(
    (await resting(stage)).map(({ text, sealed }) => [text, sealed?.key]),
    Array.from({ length: 2 * names.length }, () => [undefined, key.id]),
  )
  t.deepEqual(await createSealMark(stage.raw.events).needed(), [key.id])
}

/** Damages what the record rests in: it cannot be opened from then on. */
export async function breakSeal(raw: Store, kind: Kind, { org, name }: { org: string; name: string }): Promise<void> {
  const collection = raw.collection<Resting>(kind)
  const found = await collection.get(org, name)
  if (!found?.sealed) throw new Error(`${name} is not sealed`)
  const { box } = found.sealed
  const damaged = `${box.slice(0, -8)}${box.endsWith('AAAAAAA=') ? 'BBBBBBB=' : 'AAAAAAA='}`
  await collection.rewrite({ ...found, sealed: { ...found.sealed, box: damaged } })
}

/** Opens key files as a server does whose data directory is `data`. */
export function keyFileStage(t: ExecutionContext) {
  const directory = temporaryDir(t)
  const at = (name: string): string => join(directory, name)
  const open = (options: Partial<KeyFileOptions> = {}) =>
    openKeyFile({
      ...{ file: '', defaultFile: at('data.key'), credentialsDirectory: '', needed: [] },
      server: { server: 'id of data', dataDir: at('data') },
      log: pino({ level: 'silent' }),
      ...options,
    })
  return { at, open, files: () => readdir(directory) }
}
