/** Reads source archives, which come from outside: a gzipped tar of plain files and folders, and nothing else. */
import { posix } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { type Extract, extract } from 'tar-stream'
import { FunctionLoadError } from '../core/execution.ts'

const mebibyte = 1024 * 1024
const tarBlockBytes = 512
const maxUnpackedBytes = 256 * mebibyte
const maxEntries = 20_000
/** Code takes a tenth of its room when it is packed. What is small may be as empty as it likes. */
const maxRatio = 100
const alwaysUnpackedBytes = 16 * mebibyte

/** What is in the archive may not be there; an archive that cannot be read at all is another matter. */
export class RefusedSourceError extends FunctionLoadError {}

type Content = Extract extends AsyncIterable<infer Entry> ? Entry : never

export interface SourceEntry {
  /** Below the root of the archive, without `.` and `..`; of a folder without a slash at its end. */
  path: string
  type: 'file' | 'directory'
  isExecutable: boolean
  /** To be read, or let go by `resume`. */
  content: Content
}

/** Bytes are counted as they come, so that a small archive of much cannot fill memory or disk. */
function checkBytes(unpackedBytes: number, packedBytes: number): void {
  const refuse = (cause: string) => {
    throw new RefusedSourceError(`the source archive ${cause}: ship less with it`)
  }
  if (unpackedBytes > maxUnpackedBytes) refuse(`holds more than ${maxUnpackedBytes / mebibyte} MiB`)
  if (unpackedBytes > alwaysUnpackedBytes && unpackedBytes > maxRatio * packedBytes)
    refuse(`grows to more than ${maxRatio} times its size when it is unpacked`)
}

/** Archives of older clients end after the last data byte: padding and the two closing blocks are added. */
const completeTar = (packedBytes: number) =>
  async function* (tar: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    let bytes = 0
    for await (const chunk of tar) {
      bytes += chunk.length
      checkBytes(bytes, packedBytes)
      yield chunk
    }
    const paddingBytes = (tarBlockBytes - (bytes % tarBlockBytes)) % tarBlockBytes
    yield Buffer.alloc(paddingBytes + 2 * tarBlockBytes)
  }

function safePath(name: string): string {
  const path = posix.normalize(name)
  if (path.startsWith('/') || path === '..' || path.startsWith('../')) {
    throw new RefusedSourceError(`the source archive has an entry outside of its root: '${name}'`)
  }
  return path.replace(/\/$/, '')
}

function parseEntry(content: Content): SourceEntry {
  const { name, type, mode = 0 } = content.header
  const path = safePath(name)
  if (type === 'file' || type === 'directory') return { path, type, isExecutable: (mode & 0o111) !== 0, content }
  throw new RefusedSourceError(
    `the source archive holds '${name}', which is neither a file nor a folder but a ${type ?? 'thing unknown'}`,
  )
}

async function visitAll(entries: Extract, visit: (entry: SourceEntry) => Promise<void>): Promise<void> {
  let count = 0
  for await (const entry of entries) {
    count += 1
    if (count > maxEntries)
      throw new RefusedSourceError(`the source archive holds more than ${maxEntries} entries: ship less with it`)
    await visit(parseEntry(entry))
  }
}

/**
 * Shows each entry to the visitor, who has to read it or to let it go. Rejects with RefusedSourceError when the archive holds what it
 * may not, or too much; with what the visitor throws; and with any other error when it is no gzipped tar.
 */
export async function readArchive(archive: Buffer, visit: (entry: SourceEntry) => Promise<void>): Promise<void> {
  const entries = extract()
  const reading = pipeline(Readable.from([archive]), createGunzip(), completeTar(archive.length), entries)
  // Both have ended before anything is removed, and what stopped the visits is the cause of both.
  const ends = await Promise.allSettled([visitAll(entries, visit), reading])
  for (const end of ends) if (end.status === 'rejected') throw end.reason
}
