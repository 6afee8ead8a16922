/** Puts a folder of a Docker image, as Docker gives it, into the tar that another image is built from. */
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Extract, extract, type Pack } from 'tar-stream'

/** The same for the same content, so that Docker finds what it has built already. */
export const templateTime = new Date(0)

/** Plain files and folders. What comes later in a tar takes the place of what has the same name. */
export async function addTemplate(context: Pack, template: AsyncIterable<Uint8Array>): Promise<void> {
  const entries = extract()
  // Both have ended before the failure of one is told.
  const ends = await Promise.allSettled([addEntries(context, entries), pipeline(Readable.from(template), entries)])
  for (const end of ends) if (end.status === 'rejected') throw end.reason
}

async function addEntries(context: Pack, entries: Extract): Promise<void> {
  for await (const entry of entries) {
    const { name, mode = 0o644, type, size = 0 } = entry.header
    // Docker puts the folder's own name first.
    const path = name.replace(/^\/?[^/]*\/?/, '').replace(/\/$/, '')
    const common = { name: path, mode, mtime: templateTime }
    if (path !== '' && type === 'directory') context.entry({ ...common, type })
    if (path !== '' && type === 'file') await pipeline(entry, context.entry({ ...common, size }))
    else entry.resume()
  }
}
