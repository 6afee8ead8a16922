/** What is in an archive of Docker images, as far as it matters before Docker gets it: layers are not kept. */
import { posix } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { isDeeperThan, maxDepth } from '../core/json-depth.ts'
import { type ArchiveEntry, forEachEntry, plainNameOf } from './archive-entries.ts'

export interface ArchiveContents {
  /** Name of each plain file. */
  files: Set<string>
  /** What links lead to, by their names. */
  links: Map<string, string>
  /** Those files that may be JSON. */
  texts: Map<string, Buffer>
}

/** Of one description, and of all together with the names of entries. */
const maxTextBytes = 1024 * 1024
const maxAllBytes = 32 * 1024 * 1024
const maxEntries = 40_000

const [openingBrace, openingBracket] = Buffer.from('{[')

/** Throws when an entry is there twice: which of them Docker would take is not for the archive to say. */
export async function readContents(archive: AsyncIterable<Buffer>): Promise<ArchiveContents> {
  const contents: ArchiveContents = { files: new Set(), links: new Map(), texts: new Map() }
  let bytes = 0
  let entries = 0
  const count = (more: number): void => {
    bytes += more
    if (bytes > maxAllBytes || entries > maxEntries)
      throw new Error('it describes more images than can be looked at: save fewer at once')
  }
  await forEachEntry(archive, async entry => {
    entries += 1
    count(Buffer.byteLength(entry.header.name))
    const text = await takeEntry(contents, entry)
    if (text) count(text.length)
  })
  return contents
}

/** Resolves with its text when it may be JSON. */
async function takeEntry({ files, links, texts }: ArchiveContents, entry: ArchiveEntry): Promise<Buffer | undefined> {
  const { size = 0, type, linkname } = entry.header
  const name = plainNameOf(entry.header.name)
  if (type !== 'directory' && (files.has(name) || links.has(name))) throw new Error(`it holds ${name} twice`)
  if (type === 'file') files.add(name)
  if (type === 'link') links.set(name, plainNameOf(linkname ?? ''))
  if (type === 'symlink') links.set(name, posix.join(posix.dirname(name), linkname ?? ''))
  if (type !== 'file' || size > maxTextBytes) {
    entry.resume()
    return undefined
  }
  const content = await buffer(entry)
  if (content[0] !== openingBrace && content[0] !== openingBracket) return undefined
  texts.set(name, content)
  return content
}

/** Undefined when there is none, or it is no JSON. */
export function jsonOf({ texts }: ArchiveContents, name: string): unknown {
  const text = texts.get(name)?.toString()
  if (text === undefined) return undefined
  if (isDeeperThan(maxDepth, text)) throw new Error(`${name} has more than ${maxDepth} levels`)
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
