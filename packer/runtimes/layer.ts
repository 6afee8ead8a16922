/** Writes a directory tree as a layer: a tar whose bytes follow from names, contents and modes alone. */
import { createWriteStream } from 'node:fs'
import { lstat, readdir, readFile, readlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { type Pack, pack } from 'tar-stream'
import type { IsShipped } from './shipped.ts'

/** Seconds; every entry's time, so that no clock gets into a layer. */
export const layerEpoch = 1_767_225_600

export type LayerEntry =
  | { readonly path: string; readonly type: 'directory' | 'file'; readonly mode: number }
  | { readonly path: string; readonly type: 'symlink'; readonly target: string }
  /** A hard link's target is the path of an earlier entry, whose mode it repeats: Docker sets it once more. */
  | { readonly path: string; readonly type: 'link'; readonly target: string; readonly mode: number }

export type Selection = {
  readonly isShipped: IsShipped
  /** Directories that exist although nothing is in them, or with another mode than 0755. */
  readonly directoryModes: Readonly<Record<string, number>>
}

/** Links of the merged /usr. A directory of that name in an upper layer would hide all that is behind the link. */
const mergedUsr = new Set(['bin', 'lib', 'lib64', 'sbin'])

export async function writeLayer(tree: string, file: string, selection: Selection): Promise<void> {
  const entries = planLayer(await listTree(tree), selection)
  const tar = pack()
  const written = pipeline(tar, createWriteStream(file))
  for (const entry of entries) await addEntry(tar, entry, tree)
  tar.finalize()
  await written
}

/** What is shipped in order, with the directories that it needs; programs run, nothing gets more rights. */
export function planLayer(found: readonly LayerEntry[], { isShipped, directoryModes }: Selection): LayerEntry[] {
  const shipped = found.filter(({ path }) => isShipped(path))
  const modes = new Map<string, number>(Object.entries(directoryModes))
  for (const { path, type } of shipped) {
    if (type === 'directory' && !modes.has(path)) modes.set(path, 0o755)
    for (let parent = dirname(path); parent !== '.'; parent = dirname(parent)) {
      if (!modes.has(parent)) modes.set(parent, 0o755)
    }
  }
  const clashing = [...modes.keys()].find(path => mergedUsr.has(path))
  if (clashing) throw new Error(`A package has files in /${clashing}, which is a link to /usr/${clashing} in the image`)
  const directories = [...modes].map(([path, mode]): LayerEntry => ({ path, type: 'directory', mode }))
  const files = shipped
    .filter(({ type }) => type !== 'directory')
    .map(entry => ('mode' in entry ? { ...entry, mode: entry.mode & 0o111 ? 0o755 : 0o644 } : entry))
  return [...directories, ...files].sort((a, b) => (a.path < b.path ? -1 : 1))
}

async function listTree(tree: string): Promise<LayerEntry[]> {
  const found = await readdir(tree, { recursive: true, withFileTypes: true })
  const paths = found.map(({ parentPath, name }) => join(parentPath, name).slice(tree.length + 1)).sort()
  const firsts = new Map<number, string>()
  const entries: LayerEntry[] = []
  for (const path of paths) {
    const full = join(tree, path)
    const stat = await lstat(full)
    const first = firsts.get(stat.ino)
    const mode = stat.mode & 0o777
    if (stat.isSymbolicLink()) entries.push({ path, type: 'symlink', target: await readlink(full) })
    else if (first !== undefined) entries.push({ path, type: 'link', target: first, mode })
    else entries.push({ path, type: stat.isDirectory() ? 'directory' : 'file', mode })
    if (stat.isFile() && stat.nlink > 1 && first === undefined) firsts.set(stat.ino, path)
  }
  return entries
}

async function addEntry(tar: Pack, entry: LayerEntry, tree: string): Promise<void> {
  const common = { uid: 0, gid: 0, uname: '', gname: '', mtime: new Date(layerEpoch * 1000) }
  if ('target' in entry) {
    const mode = entry.type === 'link' ? entry.mode : 0o777
    tar.entry({ ...common, name: entry.path, type: entry.type, linkname: entry.target, mode })
    return
  }
  const name = entry.type === 'directory' ? `${entry.path}/` : entry.path
  const content = entry.type === 'file' ? await readFile(join(tree, entry.path)) : Buffer.alloc(0)
  tar.entry({ ...common, name, type: entry.type, mode: entry.mode }, content)
}
