/** Which values count at this boot: what was set before, or what sources say by now. Pure. */
import { createHash } from 'node:crypto'
import { isAbsent } from './parse/reading.ts'
import { credentialKeys, isSecretKey } from './secret-values.ts'
import type { Credentials, Values } from './settings.ts'
import type { Sourced, SourceName } from './sources/sourced.ts'

/** What a source gave when it was last taken. */
export interface SourceRecord {
  /** Salted SHA-256 of its values without secrets: these are erased after use, and that is no change. */
  readonly hash: string
  /** Of what it gave. */
  readonly keys: readonly string[]
}

export interface SourcesRecord {
  /** Hexadecimal; without it short values could be guessed from their hash. */
  readonly salt: string
  readonly sources: Readonly<Partial<Record<SourceName, SourceRecord>>>
  /** Keys of passwords that were set once and are not looked at again. */
  readonly appliedCredentials: readonly string[]
}

export interface ValuePlan {
  /** To be parsed, with what is new of certificates and keys, and with the passwords that were never applied. */
  readonly values: Values
  /** Keys that were taken back where they came from. */
  readonly removed: readonly string[]
  /** To be remembered once the values are applied; of passwords those that were taken. */
  remember(applied: Credentials): SourcesRecord
}

function recordSource(values: Values, salt: string): SourceRecord {
  const plain = Object.entries(values).filter(([key, text]) => !isSecretKey(key) && !isAbsent(text))
  const sorted = plain.toSorted(([one], [other]) => (one < other ? -1 : 1))
  const hash = createHash('sha256').update(salt).update(JSON.stringify(sorted)).digest('hex')
  return { hash, keys: sorted.map(([key]) => key) }
}

/** Sources that say something, one for each name. One that is gone, or cannot be read, takes back nothing. */
function recordSources({ sources }: Sourced, salt: string): Map<SourceName, SourceRecord> {
  const names = new Set(sources.filter(({ values }) => Object.keys(values).length > 0).map(({ name }) => name))
  const valuesOf = (name: SourceName): Values =>
    Object.assign({}, ...sources.filter(source => source.name === name).map(({ values }) => values))
  return new Map([...names].map(name => [name, recordSource(valuesOf(name), salt)]))
}

const keysOf = ({ rootPassword, adminPassword }: Credentials): readonly string[] => [
  ...(rootPassword === undefined ? [] : ['appliance.root_pwd']),
  ...(adminPassword === undefined ? [] : ['dispatch.admin_pwd']),
]

const pick = (values: Values, isWanted: (key: string) => boolean): Values =>
  Object.fromEntries(Object.entries(values).filter(([key]) => isWanted(key)))

/**
 * A source whose values are others than when they were last taken counts for all that it says; else what was stored
 * since, by the set-up page or a command, stays.
 */
export function planValues(stored: Values, sourced: Sourced, record: SourcesRecord): ValuePlan {
  const { salt, appliedCredentials } = record
  const found = recordSources(sourced, salt)
  const changed = [...found].filter(([name, { hash }]) => record.sources[name]?.hash !== hash)
  const isChanged = (key: string): boolean => changed.some(([name]) => name === sourced.origins[key]?.name)
  const gone = new Set(
    changed.flatMap(([name, { keys }]) => (record.sources[name]?.keys ?? []).filter(key => !keys.includes(key))),
  )
  const isCredential = (key: string): boolean => credentialKeys.includes(key)
  const values = {
    ...pick(stored, key => !gone.has(key)),
    ...pick(sourced.values, key => !isCredential(key) && (isChanged(key) || gone.has(key))),
    ...pick(sourced.values, key => isCredential(key) && !appliedCredentials.includes(key)),
  }
  return {
    values,
    removed: [...gone].filter(key => !(key in values)),
    remember: applied => ({
      salt,
      sources: { ...record.sources, ...Object.fromEntries(found) },
      appliedCredentials: [...new Set([...appliedCredentials, ...keysOf(applied)])],
    }),
  }
}
