/** Owns what the `-f` and seed commands have in common: the work, its lines, and the object of `-o json`. */

import { Failure } from '../failure.ts'
import { type Json, type JsonObject, objectOf, renderJson, textOf } from '../format/json.ts'
import { shape } from '../format/model.ts'
import { cleanText } from '../format/terminal.ts'
import type { Io } from '../io.ts'
import type { Session } from '../session.ts'
import { type Patience, waitUntilGone, waitUntilReady } from '../wait.ts'
import type { Change } from './compare.ts'
import { resultKeys } from './kinds.ts'
import { processDocuments, type Result, type Verb, type Work } from './process.ts'
import { type CheckedDocument, isUrl, type Place } from './read.ts'
import { renderUnknownKey } from './unknown-keys.ts'

export interface Job {
  readonly verb: Verb
  readonly session: Session
  readonly io: Io
  readonly place: Place
  readonly documents: readonly CheckedDocument[]
  readonly tags?: readonly JsonObject[]
  readonly acceptsUnchanged?: boolean
  readonly ignoresMissing?: boolean
  /** Closes with how many objects were created, changed or the same. */
  readonly tellsChanges?: boolean
  /** Given, all objects are waited for. */
  readonly patience?: Patience | undefined
}

function collectResults(results: readonly Result[]): JsonObject {
  const collected: JsonObject = Object.fromEntries(resultKeys.map(key => [key, null]))
  for (const { document, entity } of results) {
    const { resultKey, model } = document.kind.resource
    const before: Json[] = Array.isArray(collected[resultKey]) ? collected[resultKey] : []
    collected[resultKey] = [...before, shape(model, objectOf(entity ?? document.object), 'json')]
  }
  return collected
}

function checkRequired({ verb, documents }: Job): void {
  if (verb === 'delete') return
  for (const { kind, object, where } of documents)
    for (const key of kind.required) if (textOf(object[key]) === '') throw new Failure(`${where}: ${key} is required`)
}

/** One for each key that is passed over. */
export const listNotes = (documents: readonly CheckedDocument[]): string[] =>
  documents.flatMap(({ where, unknownKeys }) => unknownKeys.map(key => `Note: ${where}: ${renderUnknownKey(key)}`))

/** Throws Failure before the first request. Lines go to stdout; with a format they make room for the one object and go to stderr. */
export async function planWork(job: Job): Promise<Work> {
  const { session, io, place } = job
  checkRequired(job)
  const { output, organization } = await session.settings()
  const client = await session.client()
  const url = isUrl(place.file) ? place.file : undefined
  const preparation = { cwd: place.cwd, workDir: place.workDir, url, client }
  if (job.verb !== 'delete') for (const { kind, object } of job.documents) await kind.check(object, preparation)
  return {
    verb: job.verb,
    documents: job.documents,
    preparation,
    organization,
    tags: job.tags ?? [],
    acceptsUnchanged: job.acceptsUnchanged === true,
    tellsChanges: job.tellsChanges === true,
    report: line => session.report(line, output === 'table' ? io.stdout : io.stderr),
    reportMissing: line => void io.stderr.write(`${line}\n`),
  }
}

async function waitForAll({ verb, session, io, patience }: Job, results: readonly Result[]): Promise<void> {
  if (patience === undefined) return
  for (const { document } of results) {
    const wait = { session, io, resource: document.kind.resource, name: document.name, patience }
    await (verb === 'delete' ? waitUntilGone(wait) : waitUntilReady(wait))
  }
}

function renderSummary(results: readonly Result[]): string {
  const count = (wanted: Change) => results.filter(({ change }) => change === wanted).length
  const unknown = results.filter(({ change }) => change === undefined).length
  const known = `${count('created')} created, ${count('changed')} changed, ${count('unchanged')} unchanged`
  return `${known}${unknown > 0 ? `, ${unknown} unknown` : ''}\n`
}

export async function performJob(job: Job): Promise<number> {
  const { session, io } = job
  const { output } = await session.settings()
  if (job.verb !== 'delete') listNotes(job.documents).forEach(session.note)
  const { results, missing } = await processDocuments(await planWork(job))
  await waitForAll(job, results)
  if (output === 'name') for (const { document } of results) session.print(cleanText(document.name))
  if (output === 'json') session.print(renderJson(collectResults(results), 4))
  if (output === 'yaml') io.stdout.write((await import('../format/yaml.ts')).renderYaml(collectResults(results)))
  if (job.tellsChanges) io.stderr.write(renderSummary(results))
  return missing > 0 && !job.ignoresMissing ? 1 : 0
}
