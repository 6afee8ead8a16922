/** Owns where `create secret` takes values from: a JSON file, single files, the environment, the command line. */
import { basename } from 'node:path'
import type { Invocation } from './command.ts'
import { Failure } from './failure.ts'
import { loadBytes, loadStandardInput, loadText } from './files.ts'
import type { FlagTable } from './flag.ts'
import { isJsonObject, type Json, type JsonObject, parseJson } from './format/json.ts'
import type { Io } from './io.ts'

export const valueFlags = {
  'from-env': {
    kind: 'texts',
    value: '[KEY=]VARIABLE',
    summary: 'a value from the environment, under the name of its variable or another (repeatable)',
  },
  'from-file': {
    kind: 'texts',
    value: '[KEY=]FILE',
    summary: "a file's whole content, under its name or another; KEY=- reads standard input (repeatable)",
  },
  'from-literal': {
    kind: 'texts',
    value: 'KEY=VALUE',
    summary: 'a value as it is; others on this machine can see it while the command runs (repeatable)',
  },
} as const satisfies FlagTable

type Pair = readonly [key: string, value: string]

/** The parser's own words may quote the secret. */
function parseQuietly(text: string, path: string): Json {
  try {
    return parseJson(text)
  } catch {
    throw new Failure(`Error when parsing JSON from ${path}: it is not well-formed`)
  }
}

/** Throws Failure for what is no object of texts, without quoting a value. */
export async function loadObject(cwd: string, path: string): Promise<JsonObject> {
  const value = parseQuietly(await loadText({ cwd, path }, `error when reading content of ${path}`), path)
  if (!isJsonObject(value)) throw new Failure(`Error when parsing JSON from ${path}: it must be an object`)
  const wrong = Object.keys(value).find(key => typeof value[key] !== 'string')
  if (wrong === undefined) return value
  throw new Failure(`Error when parsing JSON from ${path}: ${JSON.stringify(wrong)} must be text, in quotes`)
}

/** The part before the first `=`, if there is one. */
function splitKey(word: string): readonly [key: string | undefined, rest: string] {
  const at = word.indexOf('=')
  return at < 0 ? [undefined, word] : [word.slice(0, at), word.slice(at + 1)]
}

async function loadFile(io: Io, path: string): Promise<string> {
  if (path === '-') return loadStandardInput(io)
  const bytes = await loadBytes({ cwd: io.cwd, path }, `error when reading content of ${path}`)
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new Failure(`${path} is not text in UTF-8, and values of secrets are text: encode it, as base64 does`)
  }
}

const fromLiteral = (word: string): Pair => {
  const [key, value] = splitKey(word)
  if (key === undefined) throw new Failure('--from-literal must be KEY=VALUE; it has no "="')
  return [key, value]
}

const fromFile = async (io: Io, word: string): Promise<Pair> => {
  const [key, path] = splitKey(word)
  if (key === undefined && path === '-') throw new Failure('--from-file reads standard input as KEY=-')
  return [key ?? basename(path), await loadFile(io, path)]
}

const fromEnvironment = (io: Io, word: string): Pair => {
  const [key, variable] = splitKey(word)
  const value = io.env[variable]
  if (value === undefined) throw new Failure(`--from-env ${word}: there is no variable ${variable} in the environment`)
  return [key ?? variable, value]
}

/** Throws Failure when one cannot be had. */
export async function loadPairs({ flags, io }: Pick<Invocation<typeof valueFlags>, 'flags' | 'io'>): Promise<Pair[]> {
  const pairs: Pair[] = []
  for (const word of flags['from-file']) pairs.push(await fromFile(io, word))
  pairs.push(...flags['from-env'].map(word => fromEnvironment(io, word)), ...flags['from-literal'].map(fromLiteral))
  return pairs
}

/** Throws Failure when two have the same key, or one has none. */
export function mergeValues(values: JsonObject, pairs: readonly Pair[]): JsonObject {
  const merged = new Map(Object.entries(values))
  for (const [key, value] of pairs) {
    if (key === '') throw new Failure('a value has no key: it must stand before the "="')
    if (merged.has(key)) throw new Failure(`the key ${JSON.stringify(key)} is given twice; give each key one value`)
    merged.set(key, value)
  }
  return Object.fromEntries(merged)
}
