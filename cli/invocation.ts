/** Owns what `exec` and `run` have in common: the request that runs a function, and what is said of a run that failed. */
import type { ApiRequest } from './client.ts'
import { Failure } from './failure.ts'
import { type Json, type JsonObject, objectOf, parseJson, textOf } from './format/json.ts'
import type { Io } from './io.ts'

async function loadText(word: string, io: Io): Promise<string> {
  if (word !== '-' && !word.startsWith('@')) return word
  const files = await import('./files.ts')
  if (word === '-') return files.loadStandardInput(io)
  const path = word.slice(1)
  return files.loadText({ cwd: io.cwd, path }, `error when reading content of ${path}`)
}

/** The input of a run: JSON, or where it is: `@FILE`, `-` for standard input. What is read is never quoted. Throws Failure. */
export async function loadInput(word: string, io: Io): Promise<Json> {
  const text = await loadText(word, io)
  try {
    return parseJson(text)
  } catch (thrown) {
    const cause = thrown instanceof Error ? thrown.message : String(thrown)
    throw new Failure(`Error when parsing function parameters ${word}\n${cause}`)
  }
}

export interface RunRequest {
  readonly functionName: string
  readonly input: Json
  readonly secrets: readonly string[]
  /** Answered when the run has finished. */
  readonly isBlocking: boolean
}

/** Throws Failure for what cannot be sent. */
export function planRun({ functionName, input, secrets, isBlocking }: RunRequest): ApiRequest {
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
