/** Reads what an archive of Docker images says that it holds, as `docker save` writes it: names, and how Docker will know the content. */
import { createHash } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { extract } from 'tar-stream'

export interface ArchivedImage {
  /** Names that it will get. */
  references: string[]
  /** Each is the id of the content in one of Docker's kinds of store. */
  ids: string[]
  labels: Record<string, string>
}

/** Of one description inside, and of all together; layers are not kept. */
const maxJsonBytes = 4 * 1024 * 1024
const maxAllBytes = 32 * 1024 * 1024

/** Throws what is wrong with it when it is none. */
export async function readArchive(archive: AsyncIterable<Buffer>): Promise<ArchivedImage[]> {
  const files = await readDescriptions(archive)
  const manifest = parseJson(files.get('manifest.json'))
  if (!Array.isArray(manifest) || manifest.length === 0)
    throw new Error('it is no archive of Docker images: it has no manifest.json, as docker save writes it')
  const stored = digestsOf(parseJson(files.get('index.json')))
  return manifest.map(entry => imageOf(entry, files, stored))
}

async function readDescriptions(archive: AsyncIterable<Buffer>): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>()
  let bytes = 0
  const reader = extract()
  const take = async () => {
    for await (const entry of reader) {
      const { name, size = 0, type } = entry.header
      if (type !== 'file' || size > maxJsonBytes) {
        entry.resume()
        continue
      }
      const content = await buffer(entry)
      if (content[0] !== openingBrace && content[0] !== openingBracket) continue
      bytes += content.length
      if (bytes > maxAllBytes) throw new Error('it describes more images than can be looked at: save fewer at once')
      files.set(name.replace(/^\.\//, ''), content)
    }
  }
  await Promise.all([pipeline(archive, reader), take()]).catch(thrown => {
    throw new Error(`it is no archive of Docker images: ${thrown instanceof Error ? thrown.message : String(thrown)}`, {
      cause: thrown,
    })
  })
  return files
}

const [openingBrace, openingBracket] = Buffer.from('{[')

function imageOf(entry: unknown, files: ReadonlyMap<string, Buffer>, stored: string[]): ArchivedImage {
  const { Config, RepoTags } = fieldsOf(entry)
  const config = files.get(String(Config))
  if (!config) throw new Error(`its manifest names ${String(Config)}, which it does not hold`)
  const labels = Object.entries(fieldsOf(fieldsOf(fieldsOf(parseJson(config)).config).Labels))
  return {
    references: Array.isArray(RepoTags) ? RepoTags.map(String) : [],
    ids: [`sha256:${createHash('sha256').update(config).digest('hex')}`, ...stored],
    labels: Object.fromEntries(labels.map(([name, value]) => [name, String(value)])),
  }
}

const digestsOf = (index: unknown): string[] => {
  const { manifests } = fieldsOf(index)
  return Array.isArray(manifests) ? manifests.map(manifest => String(fieldsOf(manifest).digest)) : []
}

const fieldsOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? { ...value } : {}

function parseJson(content: Buffer | undefined): unknown {
  if (!content) return undefined
  try {
    return JSON.parse(content.toString())
  } catch {
    return undefined
  }
}
