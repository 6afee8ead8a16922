/** Owns what documents point at: a function's source, an image's `@file`, here or beside the URL that they came from. */
import { stat } from 'node:fs/promises'
import { isAbsolute, join, normalize, resolve } from 'node:path'
import type { ApiClient } from '../client.ts'
import { Failure } from '../failure.ts'
import { loadText } from '../files.ts'
import { type JsonObject, objectOf, textOf } from '../format/json.ts'
import type { Source } from '../source/archive.ts'

export interface Preparation {
  readonly cwd: string
  /** As on the command line; paths in documents start here. */
  readonly workDir: string
  /** Where the documents came from, if not from a file. */
  readonly url?: string | undefined
  readonly client: ApiClient
}

const below = ({ workDir }: Preparation, path: string) => (isAbsolute(path) ? path : join(workDir, path))

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

/** A document from elsewhere must not reach into this machine's files. */
function refuseEscape(path: string): void {
  if (isAbsolute(path) || normalize(path).startsWith('..'))
    throw new Failure(`sourcePath ${path} leaves the working directory, which a file from a URL may not`)
}

/** `<URL up to its last slash><path>`, held in memory only. */
async function packRemote(preparation: Preparation, url: string, path: string): Promise<string> {
  const content = await preparation.client.download(new URL(path, url).href)
  const { packBytes } = await import('../source/archive.ts')
  return packBytes(path, content)
}

/** Undefined for what is only beside the URL. */
async function findLocal(object: JsonObject, preparation: Preparation): Promise<Source | undefined> {
  const { cwd, url } = preparation
  const sourcePath = textOf(object.sourcePath)
  const path = below(preparation, sourcePath)
  if (url !== undefined) refuseEscape(sourcePath)
  if (url !== undefined && !(await exists(resolve(cwd, path)))) return undefined
  return { functionName: textOf(object.name), cwd, path, handler: textOf(object.handler) }
}

async function pack(object: JsonObject, preparation: Preparation): Promise<string> {
  const source = await findLocal(object, preparation)
  if (source === undefined) return packRemote(preparation, preparation.url ?? '', textOf(object.sourcePath))
  const { packSource } = await import('../source/archive.ts')
  return packSource(source)
}

/** Throws Failure for code that could not be packed. */
export async function checkFunction(object: JsonObject, preparation: Preparation): Promise<void> {
  const source = textOf(object.sourcePath) === '' ? undefined : await findLocal(object, preparation)
  if (source !== undefined) await (await import('../source/archive.ts')).checkSource(source)
}

export async function prepareFunction(object: JsonObject, preparation: Preparation): Promise<JsonObject> {
  const withSchema = { schema: {}, ...object }
  return textOf(object.sourcePath) === '' ? withSchema : { ...withSchema, source: await pack(object, preparation) }
}

/** `manifest: '@requirements.txt'` stands for the content of the file; never fetched from a URL. */
export async function prepareImage(object: JsonObject, preparation: Preparation): Promise<JsonObject> {
  const manifest = textOf(objectOf(object.runtimeDependencies).manifest)
  if (!manifest.startsWith('@')) return object
  const path = below(preparation, manifest.slice(1))
  const text = await loadText({ cwd: preparation.cwd, path }, `Error when reading content of ${path}`)
  return { ...object, runtimeDependencies: { ...objectOf(object.runtimeDependencies), manifest: text } }
}
