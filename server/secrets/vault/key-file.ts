/** Where the vault's keys are kept: a file that is made at the first start, or a credential that systemd hands over. */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf } from '../../core/errors.ts'
import { readIfThere, writeDurably } from '../../disk/files.ts'
import { createKey, parseKeys, renderKeys } from './key.ts'
import { createKeyRing, type KeyPlace, type KeyRing, type Keys } from './key-ring.ts'

export const credentialName = 'dispatch-key'

export interface KeyFileOptions {
  /** '' when none was named. */
  file: string
  /** Used when none was named, and systemd gives none either. */
  defaultFile: string
  /** Of systemd; '' when there is none. */
  credentialsDirectory: string
  /** Ids of keys that records are sealed with. */
  needed: readonly string[]
}

const keep = (file: string, keys: Keys): Promise<void> => writeDurably(file, renderKeys(keys), 0o400)

/** undefined when it is not there. */
async function load(file: string): Promise<Keys | undefined> {
  try {
    const text = await readIfThere(file)
    if (text === undefined) return undefined
    const { mode } = await stat(file)
    if ((mode & 0o007) !== 0) throw new Error(`everybody on this machine can read it: chmod 0400 ${file}`)
    return parseKeys(text)
  } catch (thrown) {
    throw new Error(`key file ${file}: ${messageOf(thrown)}`, { cause: thrown })
  }
}

/** Refuses what would take the keys of somebody else out of the file. */
async function checkUnchanged(file: string, known: Keys): Promise<void> {
  const found = (await load(file)) ?? []
  if (found.some(({ id }) => !known.some(key => key.id === id)))
    throw new Error(
      `key file ${file}: it holds other keys than this server has read; if another server uses it, give each its own with --secret-key-file`,
    )
}

function placeOf(name: string, first: Keys): KeyPlace {
  let known = first
  return {
    name,
    keep: async keys => {
      await checkUnchanged(name, known)
      await keep(name, keys)
      known = keys
    },
  }
}

const missing = (place: string, ids: readonly string[]): Error =>
  new Error(
    `key file ${place}: the secrets in the database are sealed with key ${ids.join(' and ')}, which it does not hold; ` +
      'put the file back that belongs to this database, or name it with --secret-key-file',
  )

async function findKeys({ file, defaultFile, credentialsDirectory, needed }: KeyFileOptions): Promise<KeyRing> {
  const credential = credentialsDirectory && file === '' ? join(credentialsDirectory, credentialName) : ''
  const given = credential === '' ? undefined : await load(credential)
  if (given) return createKeyRing(given, { name: credential })
  const name = file || defaultFile
  const kept = await load(name)
  if (kept) return createKeyRing(kept, placeOf(name, kept))
  if (needed.length > 0) throw missing(name, needed)
  const keys: Keys = [createKey()]
  await keep(name, keys).catch(thrown => {
    throw new Error(
      `key file ${name}: it cannot be made: ${messageOf(thrown)}; name another place with --secret-key-file`,
      { cause: thrown },
    )
  })
  return createKeyRing(keys, placeOf(name, keys))
}

/** Makes the file when there is none yet and nothing is sealed. An Error for the operator when the right keys are not there. */
export async function openKeyFile(options: KeyFileOptions): Promise<KeyRing> {
  const ring = await findKeys(options)
  const absent = options.needed.filter(id => !ring.find(id))
  if (absent.length > 0) throw missing(ring.place, absent)
  return ring
}
