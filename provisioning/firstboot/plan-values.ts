/** Which values count at this boot: what was set before, or what sources say by now. Pure. */
import { isDeepStrictEqual } from 'node:util'
import { certificateKeys, credentialKeys, passwordKeys, restoreSecrets } from './secret-values.ts'
import type { Fault, Values } from './settings.ts'
import { hashText, isAsRecorded, pick, recordSource, type SourceRecord } from './source-record.ts'
import type { Sourced, SourceName } from './sources/sourced.ts'

/** The last time that sources gave the administrator's pair. */
export interface PairRecord {
  readonly isTaken: boolean
  /** Salted hash of the pair that was in force afterwards, whosever it was. */
  readonly inForce: string
}

export interface SourcesRecord {
  /** Hexadecimal; without it short values could be guessed from their hash. */
  readonly salt: string
  readonly sources: Readonly<Partial<Record<SourceName, SourceRecord>>>
  /** Keys of passwords that were set once and are not looked at again. */
  readonly appliedCredentials: readonly string[]
  /** Keys of passwords that were to be set, and could not be. */
  readonly owedCredentials: readonly string[]
  readonly pair?: PairRecord
}

/** What there is before sources count. */
export interface Before {
  readonly stored: Values
  readonly record: SourcesRecord
  /** The administrator's pair in force as a text, where there is one. */
  readonly pair?: string | undefined
  /** There is an administrator. */
  readonly isClaimed: boolean
}

/** What became of what was given. */
export interface Used {
  /** Keys of passwords that were set. */
  readonly passwords: readonly string[]
  /** Keys of passwords that could not be set. */
  readonly owed: readonly string[]
  readonly isPairTaken: boolean
  /** In force by now. */
  readonly pair?: string | undefined
}

export interface ValuePlan {
  /** To be parsed, with what is new of certificates and keys, and with the passwords that were never applied. */
  readonly values: Values
  /** Keys that were taken back where they came from, and that nobody has set since. */
  readonly removed: readonly string[]
  /** The administrator's pair is among the values. */
  readonly hasPair: boolean
  readonly faults: readonly Fault[]
  /** To be remembered once the values are applied. */
  remember(used: Used): SourcesRecord
}

type Found = ReadonlyMap<SourceName, SourceRecord>

const isPair = (key: string): boolean => Object.values(certificateKeys).includes(key)
const isCredential = (key: string): boolean => credentialKeys.includes(key)

/** Sources that say something, one for each name. One that is gone, empty, or cannot be read takes back nothing. */
function recordSources({ sources }: Sourced, { salt, sources: before }: SourcesRecord): Found {
  const names = new Set(sources.filter(({ values }) => Object.keys(values).length > 0).map(({ name }) => name))
  const valuesOf = (name: SourceName): Values =>
    Object.assign({}, ...sources.filter(source => source.name === name).map(({ values }) => values))
  return new Map([...names].map(name => [name, recordSource(valuesOf(name), salt, before[name])]))
}

const hashPair = ({ salt }: SourcesRecord, pair = ''): string => hashText(pair, salt)

/** Nobody has set another pair since, or taken it back. */
const isAsLeft = ({ stored, record, pair }: Before): boolean =>
  record.pair?.inForce === hashPair(record, pair) && stored[certificateKeys.certificate] === undefined

/** Whoever has set another value since, by page or command, keeps it. */
function isStillOf(source: SourceRecord, key: string, before: Before): boolean {
  const { stored, record } = before
  if (key === certificateKeys.certificate) return record.pair?.isTaken === true && isAsLeft(before)
  const text = stored[key]
  return text === undefined || isAsRecorded(key, text, source, record.salt)
}

function listGone({ shown }: SourceRecord, last: SourceRecord | undefined, before: Before): readonly string[] {
  if (last === undefined) return []
  return Object.keys(last.shown).filter(key => !(key in shown) && isStillOf(last, key, before))
}

/**
 * Key and certificate count together. A key that was erased is no change of its certificate. A pair that could not be
 * taken is tried again, unless somebody has set another one since.
 */
function wantsPair(sourced: Sourced, before: Before, found: Found, counts: (key: string) => boolean): boolean {
  const { record } = before
  if (!Object.keys(sourced.values).some(isPair)) return false
  if (record.pair?.isTaken === false && isAsLeft(before)) return true
  const { certificate, key } = certificateKeys
  if (key in sourced.values) return counts(key) || counts(certificate)
  const name = sourced.origins[certificate]?.name
  return name !== undefined && found.get(name)?.shown[certificate] !== record.sources[name]?.shown[certificate]
}

const lateClaim: Fault = {
  key: passwordKeys.admin,
  problem: 'this appliance is claimed already',
  instead: 'the password stays as it is: change it with dispatch iam set-password, and on the machine with passwd',
}

/** The account on the machine must not get another password than the administrator of the server has. */
const isLate = (key: string, { isClaimed, record }: Before): boolean =>
  key === passwordKeys.admin && isClaimed && !record.owedCredentials.includes(key)

/**
 * A source whose values are others than when they were last taken counts for all that it says; else what was stored
 * since, by the set-up page or a command, stays.
 */
export function planValues(sourced: Sourced, before: Before): ValuePlan {
  const { stored, record } = before
  const found = recordSources(sourced, record)
  const changed = [...found].filter(([name, now]) => !isDeepStrictEqual(now, record.sources[name]))
  const gone = changed.flatMap(([name, now]) => listGone(now, record.sources[name], before))
  const counts = (key: string): boolean =>
    gone.includes(key) || changed.some(([name]) => name === sourced.origins[key]?.name)
  const hasPair = wantsPair(sourced, before, found, counts)
  const isNew = (key: string): boolean => isCredential(key) && !record.appliedCredentials.includes(key)
  const picked = pick(sourced.values, key => {
    if (isCredential(key)) return isNew(key) && !isLate(key, before)
    return isPair(key) ? hasPair : counts(key)
  })
  // A proxy whose password was erased there is the one that it was.
  const values = { ...pick(stored, key => !gone.includes(key)), ...restoreSecrets(picked, stored) }
  return {
    values,
    removed: gone.filter(key => !(key in values)),
    hasPair,
    faults: Object.keys(sourced.values).some(key => isNew(key) && isLate(key, before)) ? [lateClaim] : [],
    remember: ({ passwords, owed, isPairTaken, pair }) => ({
      salt: record.salt,
      sources: { ...record.sources, ...Object.fromEntries(found) },
      appliedCredentials: [...new Set([...record.appliedCredentials, ...passwords])],
      owedCredentials: owed,
      ...(record.pair && { pair: record.pair }),
      ...(hasPair && { pair: { isTaken: isPairTaken, inForce: hashPair(record, pair) } }),
    }),
  }
}
