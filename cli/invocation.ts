/** Owns what `exec` and `run` have in common: the request that runs a function, and what is said of a run that failed. */
import type { ApiRequest } from './client.ts'
import { Failure } from './failure.ts'
import { type Json, type JsonObject, objectOf, parseJson, textOf } from './format/json.ts'

function parseInput(text: string): Json {
  try {
    return parseJson(text)
  } catch (thrown) {
    const cause = thrown instanceof Error ? thrown.message : String(thrown)
    throw new Failure(`Error when parsing function parameters ${text}\n${cause}`)
  }
}

export interface RunRequest {
  readonly functionName: string
  /** JSON. */
  readonly input: string
  readonly secrets: readonly string[]
  /** Answered when the run has finished. */
  readonly isBlocking: boolean
}

/** Throws Failure for what cannot be sent. */
export function planRun({ functionName, input: text, secrets, isBlocking }: RunRequest): ApiRequest {
  const input = parseInput(text)
  if (functionName === '') throw new Failure('a name must not be empty')
  const body: JsonObject = {
    ...(isBlocking ? { blocking: true } : {}),
    ...(input === null ? {} : { input }),
    ...{ reason: null, secrets: [...secrets], services: null, tags: null },
  }
  return { method: 'POST', path: ['v1', 'runs'], query: { functionName }, body }
}

export function renderFailedRun(finished: JsonObject): string {
  const error = objectOf(finished.error)
  return `run ${textOf(finished.name)} failed: ${textOf(error.type)}: ${textOf(error.message)}`
}
