/**
 * Files that the appliance and the layers of its runtime images have alike become one file with several names. Docker writes
 * to no file of a layer (a container's writes go to a copy), and dpkg replaces files by new ones: the other name keeps its
 * content. Only packages' files are shared, below `/usr`, for those of `/etc` are what people edit in place.
 */
import { createHash } from 'node:crypto'
import { link, lstat, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { namesIn } from './names-in.ts'

export type FoundFile = {
  readonly path: string
  readonly bytes: number
  readonly mode: number
  readonly uid: number
  readonly gid: number
}

/** Files of equal owner, mode and content: the first one stays, the others become names of it. */
export type SharedFile = { readonly kept: string; readonly names: readonly string[]; readonly bytes: number }

/** Answers with what was shared, in the order of the kept files' paths. */
export async function shareFiles(treeDir: string): Promise<SharedFile[]> {
  const layers = (await namesIn(join(treeDir, overlayDir))).filter(name => name !== 'l').sort()
  const places = ['usr', ...layers.map(layer => join(overlayDir, layer, 'diff/usr'))]
  const files = (await Promise.all(places.map(place => listFiles(treeDir, place)))).flat()
  const shared: SharedFile[] = []
  for (const group of groupAlike(files)) shared.push(...planSharing(await hashAll(treeDir, group)))
  for (const { kept, names } of shared) for (const name of names) await giveName(treeDir, { kept, name })
  return shared.sort((a, b) => (a.kept < b.kept ? -1 : 1))
}

const overlayDir = 'var/lib/docker/overlay2'

/** A file smaller than a block of the file system would spare next to nothing. */
const leastBytes = 4096

/** Set-user-id, set-group-id and sticky: whoever takes such a bit away from one file means that one. */
const specialBits = 0o7000

async function listFiles(treeDir: string, place: string): Promise<FoundFile[]> {
  if ((await namesIn(join(treeDir, place))).length === 0) return []
  const entries = await readdir(join(treeDir, place), { recursive: true, withFileTypes: true })
  const paths = entries.filter(entry => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name))
  const files = paths.sort().map(async path => {
    const { size: bytes, mode, uid, gid } = await lstat(path)
    return { path: relative(treeDir, path), bytes, mode, uid, gid }
  })
  return Promise.all(files)
}

/** Groups of files that may have the same content, in the order in which they were given. */
export function groupAlike(files: readonly FoundFile[]): FoundFile[][] {
  const candidates = files.filter(({ bytes, mode }) => bytes >= leastBytes && (mode & specialBits) === 0)
  const groups = Map.groupBy(candidates, ({ bytes, mode, uid, gid }) => [bytes, mode, uid, gid].join(' '))
  return [...groups.values()].filter(group => group.length > 1)
}

type HashedFile = FoundFile & { readonly hash: string }

async function hashAll(treeDir: string, group: readonly FoundFile[]): Promise<HashedFile[]> {
  const hashed: HashedFile[] = []
  for (const file of group) {
    const content = await readFile(join(treeDir, file.path))
    hashed.push({ ...file, hash: createHash('sha256').update(content).digest('hex') })
  }
  return hashed
}

export function planSharing(files: readonly HashedFile[]): SharedFile[] {
  const groups = Map.groupBy(files, ({ hash }) => hash)
  return [...groups.values()].flatMap(([first, ...others]) =>
    first && others.length > 0 ? [{ kept: first.path, names: others.map(({ path }) => path), bytes: first.bytes }] : [],
  )
}

/** In one step, so that the name is never absent. */
async function giveName(treeDir: string, { kept, name }: { kept: string; name: string }): Promise<void> {
  const fresh = join(treeDir, `${name}.shared`)
  await link(join(treeDir, kept), fresh)
  await rename(fresh, join(treeDir, name))
  // Renaming one name of a file to another name of the same file does nothing, and leaves both.
  await rm(fresh, { force: true })
}
