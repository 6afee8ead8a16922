/** Owns what the `-f` and seed commands have in common: the work, its lines, and the object of `-o json`. */
import { type Json, type JsonObject, objectOf, renderJson } from '../format/json.ts'
import { shape } from '../format/model.ts'
import type { Io } from '../io.ts'
import type { Session } from '../session.ts'
import { type Patience, waitUntilReady } from '../wait.ts'
import { resultKeys } from './kinds.ts'
import { processDocuments, type Result, type Verb } from './process.ts'
import { type CheckedDocument, isUrl, type Place } from './read.ts'

export interface Job {
  readonly verb: Verb
  readonly session: Session
  readonly io: Io
  readonly place: Place
  readonly documents: readonly CheckedDocument[]
  readonly tags?: readonly JsonObject[]
  readonly acceptsUnchanged?: boolean
  readonly ignoresMissing?: boolean
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

/** Lines go to stdout; with a format they make room for the one object and go to stderr. */
export async function performJob(job: Job): Promise<number> {
  const { session, io, place } = job
  const { output } = await session.settings()
  const client = await session.client()
  const lines = output === 'table' ? io.stdout : io.stderr
  const url = isUrl(place.file) ? place.file : undefined
  const { results, missing } = await processDocuments({
    verb: job.verb,
    documents: job.documents,
    preparation: { cwd: place.cwd, workDir: place.workDir, url, client },
    tags: job.tags ?? [],
    acceptsUnchanged: job.acceptsUnchanged === true,
    report: line => void lines.write(`${line}\n`),
    reportMissing: line => void io.stderr.write(`${line}\n`),
  })
  const { patience } = job
  if (patience)
    for (const { document } of results)
      await waitUntilReady({ session, io, resource: document.kind.resource, name: document.name, patience })
  if (output === 'json') session.print(renderJson(collectResults(results), 4))
  if (output === 'yaml') io.stdout.write((await import('../format/yaml.ts')).renderYaml(collectResults(results)))
  return missing > 0 && !job.ignoresMissing ? 1 : 0
}
