/** Opens the source archives that the CLI sends, with the system's own idea of tar and gzip. */
import { text } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'
import { extract } from 'tar-stream'

export interface ArchiveEntry {
  readonly name: string
  readonly type: string | null | undefined
  readonly content: string
}

export async function listArchive(source: string): Promise<ArchiveEntry[]> {
  const archive = extract()
  archive.end(gunzipSync(Buffer.from(source, 'base64')))
  const entries: ArchiveEntry[] = []
  for await (const entry of archive) {
    const { name, type } = entry.header
    entries.push({ name, type, content: await text(entry) })
  }
  return entries
}
