/** Writes a directory tree as a layer: a tar whose bytes follow from names, contents and modes alone. */
import { createWriteStream } from 'node:fs'
import { lstat, readdir, readFile, readlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { type Pack, pack } from 'tar-stream'

/** Seconds; every entry's time, so that no clock gets into a layer. */
export const layerEpoch = 1_767_225_600

export type LayerEntry =
  | { readonly path: string; readonly type: 'directory' | 'file'; readonly mode: number }
  | { readonly path: string; readonly type: 'symlink'; readonly target: string }

export type Selection = {
  /** Paths without a leading slash. */
  readonly isShipped: (path: string) => boolean
  /** Directories that exist although nothing is in them, with their modes. */
  readonly emptyDirectories: Readonly<Record<string, number>>
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

/** Shipped files and links in order, with exactly the directories they need; programs run, nothing gets more rights. */
export function planLayer(found: readonly LayerEntry[], { isShipped, emptyDirectories }: Selection): LayerEntry[] {
  const shipped = found.filter(({ type, path }) => type !== 'directory' && isShipped(path))
  const modes = new Map<string, number>(Object.entries(emptyDirectories))
  for (const { path } of shipped) {
    for (let parent = dirname(path); parent !== '.'; parent = dirname(parent)) {
      if (!modes.has(parent)) modes.set(parent, 0o755)
    }
  }
  const clashing = [...modes.keys()].find(path => mergedUsr.has(path))
  if (clashing) throw new Error(`A package has files in /${clashing}, which is a link to /usr/${clashing} in the image`)
  const directories = [...modes].map(([path, mode]): LayerEntry => ({ path, type: 'directory', mode }))
  const files = shipped.map(entry =>
    entry.type === 'file' ? { ...entry, mode: entry.mode & 0o111 ? 0o755 : 0o644 } : entry,
  )
  return [...directories, ...files].sort((a, b) => (a.path < b.path ? -1 : 1))
}

async function listTree(tree: string): Promise<LayerEntry[]> {
  const found = await readdir(tree, { recursive: true, withFileTypes: true })
  return Promise.all(
    found.map(async (entry): Promise<LayerEntry> => {
      const full = join(entry.parentPath, entry.name)
      const path = full.slice(tree.length + 1)
      if (entry.isSymbolicLink()) return { path, type: 'symlink', target: await readlink(full) }
      const { mode } = await lstat(full)
      return { path, type: entry.isDirectory() ? 'directory' : 'file', mode: mode & 0o777 }
    }),
  )
}

async function addEntry(tar: Pack, entry: LayerEntry, tree: string): Promise<void> {
  const common = { uid: 0, gid: 0, uname: '', gname: '', mtime: new Date(layerEpoch * 1000) }
  if (entry.type === 'symlink') {
    tar.entry({ ...common, name: entry.path, type: 'symlink', linkname: entry.target, mode: 0o777 })
    return
  }
  const name = entry.type === 'directory' ? `${entry.path}/` : entry.path
  const content = entry.type === 'file' ? await readFile(join(tree, entry.path)) : Buffer.alloc(0)
  tar.entry({ ...common, name, type: entry.type, mode: entry.mode }, content)
}
