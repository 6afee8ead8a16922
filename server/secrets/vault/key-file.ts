/** Where the vault's keys are kept: a file that is made at the first start, or a credential that systemd hands over. */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf } from '../../core/errors.ts'
import type { Log } from '../../core/ports.ts'
import { readIfThere, writeDurably } from '../../disk/files.ts'
import { createKey, parseKeys, renderKeys } from './key.ts'
import { isPresent, isSameOwner, type KeyOwner, parseOwner, planOwner, renderOwner, withoutLinks } from './key-owner.ts'
import { createKeyRing, type KeyRing, type Keys } from './key-ring.ts'

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
  /** Whose the file is to be. */
  server: Pick<KeyOwner, 'server' | 'dataDir'>
  log: Log
}

interface KeyFile {
  keys: Keys
  owner: KeyOwner | undefined
}

const keep = (owner: KeyOwner, keys: Keys): Promise<void> =>
  writeDurably(owner.file, `${renderOwner(owner)}${renderKeys(keys)}`, { mode: 0o400 })

/** A file of somebody else, such as root, can only be handed to the server by its group. */
async function checkMode(file: string): Promise<void> {
  const { mode, uid } = await stat(file)
  const others = uid === process.getuid?.() ? 0o077 : 0o007
  if ((mode & others) !== 0) throw new Error(`others than its owner can read or write it: chmod 0400 ${file}`)
}

/** undefined when it is not there. */
async function load(file: string): Promise<KeyFile | undefined> {
  try {
    const text = await readIfThere(file)
    if (text === undefined) return undefined
    await checkMode(file)
    return { keys: parseKeys(text), owner: parseOwner(text) }
  } catch (thrown) {
    throw new Error(`key file ${file}: ${messageOf(thrown)}`, { cause: thrown })
  }
}

/** Refuses what would take the keys of somebody else out of the file. */
async function checkUnchanged({ keys: known, owner }: KeyFile, file: string): Promise<void> {
  const found = await load(file)
  const isStranger = found?.owner && owner && !isSameOwner(found.owner, owner)
  if (isStranger || found?.keys.some(({ id }) => !known.some(key => key.id === id)))
    throw new Error(
      `key file ${file}: it holds other keys than this server has read, or belongs to another server by now; if another server uses it, give each its own with --secret-key-file`,
    )
}

function ringOf(first: Keys, owner: KeyOwner, name: string): KeyRing {
  let known = first
  return createKeyRing(first, {
    name,
    keep: async keys => {
      await checkUnchanged({ keys: known, owner }, name)
      await keep(owner, keys)
      known = keys
    },
  })
}

const missing = (place: string, ids: readonly string[]): Error =>
  new Error(
    `key file ${place}: the secrets in the database are sealed with key ${ids.join(' and ')}, which it does not hold; ` +
      'put the file back that belongs to this database, or name it with --secret-key-file',
  )

/** Marks the file as this server's, unless it is another's. */
async function claim({ keys, owner: found }: KeyFile, owner: KeyOwner, { needed, log }: KeyFileOptions): Promise<void> {
  const plan = planOwner(found, owner, {
    isPresent: found !== undefined && (await isPresent(found)),
    needsKeys: needed.some(id => keys.some(key => key.id === id)),
  })
  if (plan === 'refuse')
    throw new Error(
      `key file ${owner.file}: it belongs to another server, that of the data directory ${found?.dataDir}: leave --secret-key-file out, or name a file of this server's own; ` +
        'if this is that server, moved, remove the line "# Belongs to" from the file',
    )
  if (plan === 'claim')
    await keep(owner, keys).catch(thrown =>
      log.info({ file: owner.file, cause: messageOf(thrown) }, 'the key file cannot be marked as of this server'),
    )
}

async function findKeys(options: KeyFileOptions): Promise<KeyRing> {
  const { file, defaultFile, credentialsDirectory, needed, server } = options
  const credential = credentialsDirectory && file === '' ? join(credentialsDirectory, credentialName) : ''
  const given = credential === '' ? undefined : await load(credential)
  if (given) return createKeyRing(given.keys, { name: credential })
  const name = file || defaultFile
  const kept = await load(name)
  if (!kept && needed.length > 0) throw missing(name, needed)
  const owner = { server: server.server, dataDir: await withoutLinks(server.dataDir), file: await withoutLinks(name) }
  if (kept) {
    await claim(kept, owner, options)
    return ringOf(kept.keys, owner, name)
  }
  const keys: Keys = [createKey()]
  await keep(owner, keys).catch(thrown => {
    throw new Error(
      `key file ${name}: it cannot be made: ${messageOf(thrown)}; name another place with --secret-key-file`,
      { cause: thrown },
    )
  })
  return ringOf(keys, owner, name)
}

/** Makes the file when there is none yet and nothing is sealed. An Error for the operator when the right keys are not there. */
export async function openKeyFile(options: KeyFileOptions): Promise<KeyRing> {
  const ring = await findKeys(options)
  const absent = options.needed.filter(id => !ring.find(id))
  if (absent.length > 0) throw missing(ring.place, absent)
  return ring
}
