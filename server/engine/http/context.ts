/** Makes the tar that a function's image is built from: its code, with the template of its image over it. */
import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Extract, extract, type Pack, pack } from 'tar-stream'

/** Of the template. */
const maxTemplateBytes = 64 * 1024 * 1024

/** What comes later in a tar takes the place of what has the same name: the template wins, as it did in the original. */
export async function* packFunction(codeDir: string, template: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const context = pack()
  addFolder(context, codeDir, '')
    .then(() => addTemplate(context, template))
    .then(() => context.finalize())
    .catch(thrown => context.destroy(thrown))
  for await (const chunk of Readable.from(context)) yield chunk
}

/** Code is plain files and folders. */
async function addFolder(context: Pack, directory: string, prefix: string): Promise<void> {
  const entries = await readdir(directory, { withFileTypes: true })
  for (const entry of entries.toSorted((one, other) => (one.name < other.name ? -1 : 1))) {
    const [path, name] = [join(directory, entry.name), `${prefix}${entry.name}`]
    const { mode, size } = await stat(path)
    if (entry.isDirectory()) {
      context.entry({ name, type: 'directory', mode, mtime })
      await addFolder(context, path, `${name}/`)
    } else await pipeline(createReadStream(path), context.entry({ name, mode, size, mtime }))
  }
}

/** The same for the same content, so that Docker finds what it has built already. */
const mtime = new Date(0)

async function addTemplate(context: Pack, template: AsyncIterable<Uint8Array>): Promise<void> {
  const entries = extract()
  // Both have ended before the failure of one is told.
  const ends = await Promise.allSettled([addEntries(context, entries), pipeline(Readable.from(template), entries)])
  for (const end of ends) if (end.status === 'rejected') throw end.reason
}

async function addEntries(context: Pack, entries: Extract): Promise<void> {
  let bytes = 0
  for await (const entry of entries) {
    const { name, mode = 0o644, type, size = 0 } = entry.header
    // Docker puts the folder's own name first.
    const path = name.replace(/^\/?[^/]*\/?/, '').replace(/\/$/, '')
    bytes += size
    if (bytes > maxTemplateBytes)
      throw new Error(`the function template holds more than ${maxTemplateBytes / 1024 ** 2} MiB`)
    if (path !== '' && type === 'directory') context.entry({ name: path, type, mode, mtime })
    if (path !== '' && type === 'file') await pipeline(entry, context.entry({ name: path, mode, size, mtime }))
    else entry.resume()
  }
}
