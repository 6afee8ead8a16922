/** Makes the tar that a function's image is built from: its code, with the template of its image over it. */
import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Pack, pack } from 'tar-stream'
import { addTemplate, templateTime } from '../../core/template-tar.ts'

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
      context.entry({ name, type: 'directory', mode, mtime: templateTime })
      await addFolder(context, path, `${name}/`)
    } else await pipeline(createReadStream(path), context.entry({ name, mode, size, mtime: templateTime }))
  }
}
