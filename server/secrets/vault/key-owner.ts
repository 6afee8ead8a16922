/** Which server a key file belongs to: of two that share one, each would take the other's keys out of it. */
import { realpath } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { readIfThere } from '../../disk/files.ts'

/** `server`: what its data directory is known by. Paths are those without links. */
export interface KeyOwner {
  server: string
  dataDir: string
  /** Where the file was when it was marked: elsewhere it is a copy, which nobody shares. */
  file: string
}

const mark = '# Belongs to '

export const renderOwner = ({ server, dataDir, file }: KeyOwner): string =>
  `${mark}${JSON.stringify({ server, dataDir, file })}\n`

/** undefined: nobody has marked it, or somebody has changed the mark. */
export function parseOwner(text: string): KeyOwner | undefined {
  const line = text.split(/\r?\n/).find(each => each.startsWith(mark))
  try {
    const { server, dataDir, file } = JSON.parse(line?.slice(mark.length) ?? '{}')
    const texts = [server, dataDir, file].every(each => typeof each === 'string')
    return texts ? { server, dataDir, file } : undefined
  } catch {
    return undefined
  }
}

export const isSameOwner = (one: KeyOwner | undefined, other: KeyOwner): boolean =>
  one?.server === other.server && one.dataDir === other.dataDir && one.file === other.file

/** `isPresent`: its data directory is on this machine. `needsKeys`: what this server has stored is sealed with keys of the file. Pure. */
export function planOwner(
  found: KeyOwner | undefined,
  own: KeyOwner,
  { isPresent, needsKeys }: { isPresent: boolean; needsKeys: boolean },
): 'own' | 'claim' | 'refuse' {
  if (isSameOwner(found, own)) return 'own'
  const isElsewhere = !found || found.file !== own.file || found.dataDir === own.dataDir
  if (isElsewhere) return 'claim'
  // One that has moved, or was restored from a backup, has left nothing behind, and brings what these keys have sealed.
  return isPresent || !needsKeys ? 'refuse' : 'claim'
}

/** Where the server keeps the id that it is known by. */
export const idFileOf = (dataDir: string): string => join(dataDir, 'instance-id')

/** Whether the server still has its data directory on this machine. Where it cannot be looked into, it has. */
export const isPresent = async ({ server, dataDir }: KeyOwner): Promise<boolean> =>
  (await readIfThere(idFileOf(dataDir)).catch(() => server))?.trim() === server

/** Of a path that may not exist yet. */
export const withoutLinks = (path: string): Promise<string> =>
  realpath(path)
    .catch(async () => join(await realpath(dirname(path)), basename(path)))
    .catch(() => path)
