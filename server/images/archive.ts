/** Reads what an archive of Docker images says that it holds, as `docker save` writes it: names, and how Docker will know the content. */
import { createHash } from 'node:crypto'
import { messageOf } from '../core/errors.ts'
import { isRecord } from '../core/json.ts'
import { type ArchiveContents, jsonOf, readContents } from './archive-contents.ts'
import { plainNameOf } from './archive-entries.ts'

export interface ArchivedImage {
  /** Names that it will get. */
  references: string[]
  /** Each is the id of the content in one of Docker's kinds of store, as computed from the content itself. */
  ids: string[]
  labels: Record<string, string>
  config: Buffer
  /** Plain files in the archive, from the lowest. */
  layers: string[]
}

const maxImages = 64
/** Docker is asked about each. */
const maxNames = 256

type Config = Pick<ArchivedImage, 'ids' | 'labels' | 'config'>

/** Throws what is wrong with it when it is none. */
export async function readArchive(archive: AsyncIterable<Buffer>): Promise<ArchivedImage[]> {
  const contents = await readContents(archive).catch(thrown => {
    throw new Error(`it is no archive of Docker images: ${messageOf(thrown)}`, { cause: thrown })
  })
  const manifest = manifestOf(contents).map(fieldsOf)
  if (manifest.flatMap(({ RepoTags }) => RepoTags).length > maxNames)
    throw new Error(`its images have more than ${maxNames} names: save fewer at once`)
  const manifestIds = manifestIdsOf(contents)
  const configs = new Map<string, Config>()
  const configOf = (name: string): Config => {
    const config = configs.get(name) ?? readConfig(contents, name, manifestIds)
    configs.set(name, config)
    return config
  }
  return manifest.map(({ Config, RepoTags, Layers }) => {
    const layers = listOf(Layers).map(name => layerOf(contents, String(name)))
    return { ...configOf(plainNameOf(String(Config))), references: listOf(RepoTags).map(tagOf), layers }
  })
}

function manifestOf(contents: ArchiveContents): unknown[] {
  const manifest = jsonOf(contents, 'manifest.json')
  if (Array.isArray(manifest) && manifest.length > maxImages)
    throw new Error(`it holds more than ${maxImages} images: save fewer at once`)
  if (Array.isArray(manifest) && manifest.length > 0) return manifest
  const what = contents.files.has('oci-layout') ? 'an OCI layout' : 'no archive of Docker images'
  throw new Error(`it is ${what}: it has no manifest.json, as docker save writes it`)
}

function readConfig(contents: ArchiveContents, name: string, manifestIds: ReadonlyMap<string, string[]>): Config {
  const [parsed, config] = [jsonOf(contents, name), contents.texts.get(name)]
  if (!config || !isRecord(parsed)) throw missing(name, 'JSON of at most 1 MiB')
  const id = digestOf(config)
  const labels = Object.entries(fieldsOf(fieldsOf(parsed.config).Labels))
  return {
    ids: [id, ...(manifestIds.get(id) ?? [])],
    labels: Object.fromEntries(labels.map(([label, value]) => [label, String(value)])),
    config,
  }
}

/** Digests of the manifests that newer archives keep beside their own, by the configuration that each names. */
function manifestIdsOf(contents: ArchiveContents): Map<string, string[]> {
  const ids = new Map<string, string[]>()
  const named = listOf(fieldsOf(jsonOf(contents, 'index.json')).manifests).map(each => String(fieldsOf(each).digest))
  for (const digest of new Set(named.slice(0, maxImages))) {
    const name = `blobs/${digest.replace(':', '/')}`
    const manifest = contents.texts.get(name)
    // What the archive says that the digest is proves nothing.
    if (!manifest || digestOf(manifest) !== digest) continue
    const config = String(fieldsOf(fieldsOf(jsonOf(contents, name)).config).digest)
    ids.set(config, [...(ids.get(config) ?? []), digest])
  }
  return ids
}

/** Docker before 25 links a layer that several images share to the first of them. */
function layerOf({ files, links }: ArchiveContents, name: string): string {
  const plain = plainNameOf(name)
  const file = links.get(plain) ?? plain
  if (!files.has(file)) throw missing(name, 'a plain file')
  return file
}

function tagOf(reference: unknown): string {
  if (typeof reference === 'string' && /^[^\s@]+:[^\s@:/]+$/.test(reference)) return reference
  throw new Error(`its manifest has a name that is none: ${String(reference)} is not NAME:TAG`)
}

const missing = (name: string, kind: string): Error =>
  new Error(`its manifest names ${name}, which it does not hold as ${kind}`)

const digestOf = (content: Buffer): string => `sha256:${createHash('sha256').update(content).digest('hex')}`

const fieldsOf = (value: unknown): Record<string, unknown> => (isRecord(value) ? value : {})

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
