/** Goes through the entries of a tar that comes from outside, one after the other. */
import { posix } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { type Extract, extract } from 'tar-stream'

export type ArchiveEntry = Extract extends AsyncIterable<infer Entry> ? Entry : never

/** One spelling for each file: `./a`, `.//a` and `b/../a` are `a`. */
export const plainNameOf = (name: string): string => posix.normalize(name)

/** `take` reads each, or lets it go by `resume`. Once it throws, the archive is let go. */
export async function forEachEntry(
  archive: AsyncIterable<Buffer>,
  take: (entry: ArchiveEntry) => Promise<void> | void,
): Promise<void> {
  const reader = extract()
  const takeAll = async () => {
    for await (const entry of reader) await take(entry)
  }
  // The reader breaks off when one fails to be taken: why is said by what took it.
  const outcomes = await Promise.allSettled([takeAll(), pipeline(archive, reader)])
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
}
