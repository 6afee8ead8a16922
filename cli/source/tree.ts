/** Owns the walk over a source directory: which entries an archive gets, in which order. */

import type { Stats } from 'node:fs'
import { lstat, readdir, readFile, realpath, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { type IgnoreRule, isIgnored, parseIgnoreRules } from './ignore-rules.ts'

export interface SourceEntry {
  /** Relative to the source, with `/`. */
  readonly path: string
  readonly kind: 'file' | 'directory'
  readonly mode: number
  /** Where the content is; for a followed link, its target. */
  readonly file: string
}

interface Walk {
  readonly root: string
  readonly rules: readonly IgnoreRule[]
  /** Real paths of the directories above: a link back to one of them would never end. */
  readonly above: readonly string[]
}

const ignoreFile = '.dispatchignore'
const compareBytes = (left: string, right: string) => Buffer.compare(Buffer.from(left), Buffer.from(right))

const isMissing = (thrown: unknown) => thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT'

async function loadRules(root: string): Promise<IgnoreRule[]> {
  try {
    return parseIgnoreRules(await readFile(join(root, ignoreFile), 'utf8'))
  } catch (thrown) {
    if (isMissing(thrown)) return []
    throw thrown
  }
}

/** A link may lead anywhere below the source, and nowhere else: nothing is packed that was not pointed at. */
async function resolveInside(walk: Walk, path: string): Promise<string> {
  const file = await realpath(join(walk.root, path)).catch(thrown => {
    throw isMissing(thrown) ? new Error(`${path} is a link that leads nowhere`) : thrown
  })
  if (file !== walk.root && !file.startsWith(walk.root + sep))
    throw new Error(`${path} is a link to ${file}, outside of the source`)
  if (walk.above.includes(file)) throw new Error(`${path} is a link to a directory that contains it`)
  return file
}

/** Only looked at, not packed: the rules may leave out a link wherever it leads, and one that leads nowhere. */
const look = (path: string): Promise<Stats> => stat(path).catch(() => lstat(path))

async function visit(walk: Walk, directory: string, prefix: string): Promise<SourceEntry[]> {
  const entries: SourceEntry[] = []
  for (const name of (await readdir(directory)).sort(compareBytes)) {
    const path = prefix + name
    const found = await look(join(walk.root, path))
    if (path === ignoreFile || isIgnored(walk.rules, path, found.isDirectory())) continue
    const file = await resolveInside(walk, path)
    const mode = found.mode & 0o777
    if (found.isFile()) entries.push({ path, kind: 'file', mode, file })
    else if (found.isDirectory()) {
      entries.push({ path, kind: 'directory', mode, file })
      entries.push(...(await visit({ ...walk, above: [...walk.above, file] }, file, `${path}/`)))
    } else throw new Error(`${path} is neither a file nor a directory`)
  }
  return entries
}

/** Depth first, names in byte order, a directory before its content. Throws Error with the cause. */
export async function listSource(directory: string): Promise<SourceEntry[]> {
  const root = await realpath(directory)
  return visit({ root, rules: await loadRules(root), above: [root] }, root, '')
}
