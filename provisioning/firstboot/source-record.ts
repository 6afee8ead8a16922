/** What is remembered of a source: salted hashes of what it gave, by which it is seen that it gives something else. Pure. */
import { createHash } from 'node:crypto'
import { isAbsent } from './parse/reading.ts'
import { credentialKeys, showValue } from './secret-values.ts'
import type { Values } from './settings.ts'

/** Salted SHA-256 in hexadecimal, by key. */
export type Hashes = Readonly<Record<string, string>>

export interface SourceRecord {
  /** Of values without their secrets: these are erased after use, and that is no change. */
  readonly shown: Hashes
  /** Of values that hold a secret, when it was there last. People's passwords are not among them: from a hash they can be guessed. */
  readonly whole: Hashes
}

export const hashText = (text: string, salt: string): string =>
  createHash('sha256').update(salt).update(text).digest('hex')

export const pick = <T>(from: Readonly<Record<string, T>>, isWanted: (key: string) => boolean): Record<string, T> =>
  Object.fromEntries(Object.entries(from).filter(([key]) => isWanted(key)))

/** `before`: a secret that was erased since is known when a hypervisor hands it over again. */
export function recordSource(values: Values, salt: string, before?: SourceRecord): SourceRecord {
  const given = Object.entries(values).filter(([key, text]) => !isAbsent(text) && !credentialKeys.includes(key))
  const hashes = (entries: readonly (readonly [string, string | undefined])[]): Record<string, string> =>
    Object.fromEntries(entries.flatMap(([key, text]) => (text === undefined ? [] : [[key, hashText(text, salt)]])))
  const shown = hashes(given.map(([key, text]) => [key, showValue(key, text)]))
  const whole = hashes(given.filter(([key, text]) => showValue(key, text) !== text))
  const known = pick(before?.whole ?? {}, key => before?.shown[key] === shown[key])
  return { shown, whole: { ...known, ...whole } }
}

/** To the letter, its secrets too. */
export const isAsRecorded = (key: string, text: string, { shown, whole }: SourceRecord, salt: string): boolean =>
  (whole[key] ?? shown[key]) === hashText(text, salt)
