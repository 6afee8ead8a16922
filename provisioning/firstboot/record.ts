/** What an appliance remembers of its values over boots: those in force, and what its sources said. Root alone reads it. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf } from '../../server/core/errors.ts'
import { readIfThere, writeDurably } from '../../server/disk/files.ts'
import type { PairRecord, SourcesRecord } from './plan-values.ts'
import { isSecretKey } from './secret-values.ts'
import type { Fault, Values } from './settings.ts'
import type { SourceRecord } from './source-record.ts'
import { sourceNames } from './sources/sourced.ts'

export interface Remembered {
  readonly values: Values
  readonly sources: SourcesRecord
  readonly faults: readonly Fault[]
}

const mode = 0o600
const files = { values: 'values.json', sources: 'properties.json' }

type Tree = Readonly<Record<string, unknown>>
const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value)
const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter(each => typeof each === 'string') : []

export const parseValueTexts = (tree: Tree): Values =>
  Object.fromEntries(Object.entries(tree).flatMap(([key, text]) => (typeof text === 'string' ? [[key, text]] : [])))

const parseSource = (value: unknown): readonly SourceRecord[] =>
  isTree(value) && isTree(value.shown) && isTree(value.whole)
    ? [{ shown: parseValueTexts(value.shown), whole: parseValueTexts(value.whole) }]
    : []

const parsePair = (value: unknown): { pair?: PairRecord } =>
  isTree(value) && typeof value.isTaken === 'boolean' && typeof value.inForce === 'string'
    ? { pair: { isTaken: value.isTaken, inForce: value.inForce } }
    : {}

function parseSources(
  { salt, sources, appliedCredentials, owedCredentials, pair }: Tree,
  newSalt: string,
): SourcesRecord {
  const found = isTree(sources) ? sources : {}
  return {
    salt: typeof salt === 'string' && salt !== '' ? salt : newSalt,
    sources: Object.fromEntries(sourceNames.flatMap(name => parseSource(found[name]).map(source => [name, source]))),
    appliedCredentials: texts(appliedCredentials),
    owedCredentials: texts(owedCredentials),
    ...parsePair(pair),
  }
}

/** Undefined where it is not there or cannot be used; the latter is a fault, for no boot stops at it. */
async function readTree(file: string, faults: Fault[]): Promise<Tree | undefined> {
  try {
    const text = await readIfThere(file)
    if (text === undefined) return undefined
    const tree: unknown = JSON.parse(text)
    if (isTree(tree)) return tree
    throw new Error('it holds no object')
  } catch (thrown) {
    faults.push({ key: file, problem: messageOf(thrown), instead: 'what sources say is taken again' })
    return undefined
  }
}

/** `newSalt` is for the first time. */
export async function readRecord(directory: string, newSalt: string): Promise<Remembered> {
  const faults: Fault[] = []
  const values = await readTree(join(directory, files.values), faults)
  const sources = parseSources((await readTree(join(directory, files.sources), faults)) ?? {}, newSalt)
  // Without the values, that they were taken once is of no use.
  const known = values === undefined ? { ...sources, sources: {} } : sources
  return { values: parseValueTexts(values ?? {}), sources: known, faults }
}

const write = async (directory: string, file: string, content: unknown): Promise<void> => {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  await writeDurably(join(directory, file), `${JSON.stringify(content, undefined, 2)}\n`, { mode })
}

/** Without passwords of people, which are used once, and keys, which are kept with their certificates. What a proxy asks for is needed at each start. */
export const writeValues = (directory: string, values: Values): Promise<void> =>
  write(directory, files.values, Object.fromEntries(Object.entries(values).filter(([key]) => !isSecretKey(key))))

/** After the values are applied and written: what is cut off before is taken again at the next boot. */
export const writeSources = (directory: string, sources: SourcesRecord): Promise<void> =>
  write(directory, files.sources, sources)
