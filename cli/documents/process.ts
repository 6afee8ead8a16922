/** Owns the work on checked documents: strictly in order, one request at a time, one line each, stopping at the first error. */
import type { ApiClient } from '../client.ts'
import { ApiFailure, isConflict, isNotFound } from '../failure.ts'
import { type Json, type JsonObject, objectOf, renderJson, sortKeys } from '../format/json.ts'
import { shape } from '../format/model.ts'
import type { Change } from './compare.ts'
import type { Preparation } from './prepare.ts'
import type { CheckedDocument } from './read.ts'

export type Verb = 'create' | 'update' | 'apply' | 'delete'

export interface Work {
  readonly verb: Verb
  readonly documents: readonly CheckedDocument[]
  readonly preparation: Preparation
  /** Added to the tags of what is created. */
  readonly tags: readonly JsonObject[]
  /** An object that is already there and says the same is no error. */
  readonly acceptsUnchanged: boolean
  /** What `apply` finds is looked at before, so that it can be told what has changed. */
  readonly tellsChanges: boolean
  readonly organization: string
  report(line: string): void
  reportMissing(line: string): void
}

export interface Result {
  readonly document: CheckedDocument
  readonly entity: Json
  readonly change?: Change | undefined
}

export interface Outcome {
  readonly results: readonly Result[]
  readonly missing: number
}

const words: Readonly<Record<Verb, string>> = {
  create: 'Created',
  update: 'Updated',
  apply: 'Applied',
  delete: 'Deleted',
}

const itemPath = ({ kind, name }: CheckedDocument) => [...kind.resource.path, name]

/** Absent, null and empty mean the same. */
const comparable = (value: Json | undefined): string => {
  const text = renderJson(sortKeys(value ?? null))
  return ['null', '{}', '[]', '""', '{"packages":null}', '{"packages":[]}'].includes(text) ? '' : text
}

async function isUnchanged(client: ApiClient, document: CheckedDocument, body: JsonObject): Promise<boolean> {
  const { identity } = document.kind
  if (identity === undefined) return false
  const existing = objectOf(await client.request({ method: 'GET', path: itemPath(document) }))
  return identity.every(key => comparable(existing[key]) === comparable(body[key]))
}

export async function findExisting(client: ApiClient, document: CheckedDocument): Promise<JsonObject | undefined> {
  try {
    return objectOf(await client.request({ method: 'GET', path: itemPath(document) }))
  } catch (thrown) {
    if (isNotFound(thrown)) return undefined
    throw thrown
  }
}

/** Who may not look may still apply: then nothing is known of the change. */
async function findChange(work: Work, document: CheckedDocument, body: JsonObject): Promise<Change | undefined> {
  const { compareObject } = await import('./compare.ts')
  const options = { resource: document.kind.resource, organization: work.organization }
  try {
    return compareObject(await findExisting(work.preparation.client, document), body, options).change
  } catch (thrown) {
    if (thrown instanceof ApiFailure) return undefined
    throw thrown
  }
}

export async function createBody(work: Work, document: CheckedDocument): Promise<JsonObject> {
  const { model } = document.kind.resource
  const prepared = await document.kind.prepare(document.object, work.preparation)
  const tags = Array.isArray(prepared.tags) ? prepared.tags : []
  const isTagged = work.tags.length > 0 && 'tags' in model
  return shape(model, isTagged ? { ...prepared, tags: [...tags, ...work.tags] } : prepared, 'json')
}

type Sent = Omit<Result, 'document'> & { readonly word: string }

async function send(work: Work, document: CheckedDocument): Promise<Sent> {
  const { verb } = work
  const { client } = work.preparation
  const { path } = document.kind.resource
  if (verb === 'delete')
    return { word: words.delete, entity: await client.request({ method: 'DELETE', path: itemPath(document) }) }
  const body = await createBody(work, document)
  if (verb === 'create') {
    try {
      return { word: words.create, entity: await client.request({ method: 'POST', path, body }) }
    } catch (thrown) {
      const forgivable = work.acceptsUnchanged && isConflict(thrown)
      if (forgivable && (await isUnchanged(client, document, body))) return { word: 'Unchanged', entity: body }
      throw thrown
    }
  }
  const change = work.tellsChanges ? await findChange(work, document, body) : undefined
  try {
    await client.request({ method: 'PUT', path: itemPath(document), body })
  } catch (thrown) {
    if (verb !== 'apply' || !isNotFound(thrown)) throw thrown
    await client.request({ method: 'POST', path, body })
  }
  return { word: words[verb], entity: body, change }
}

/** Throws what the first failing request throws; a deletion of something that is not there is only counted. */
export async function processDocuments(work: Work): Promise<Outcome> {
  const results: Result[] = []
  let missing = 0
  for (const document of work.documents) {
    const title = `${document.kind.resource.kind}: ${document.name}`
    try {
      const { word, ...sent } = await send(work, document)
      work.report(`${word} ${title}`)
      results.push({ document, ...sent })
    } catch (thrown) {
      if (work.verb !== 'delete' || !isNotFound(thrown)) throw thrown
      missing += 1
      work.reportMissing(`Skipped ${title} (not found)`)
    }
  }
  return { results, missing }
}
