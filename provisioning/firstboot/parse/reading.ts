/** How a value is taken or not: each parser gives a value or a problem, and the reader turns problems into faults. */
import type { Fault, Values } from '../settings.ts'
import { insteadOf } from './instead.ts'

export type Outcome<T> = { readonly value: T } | { readonly problem: string }

export interface ValueReader {
  /** Undefined where nothing is given. */
  text(key: string): string | undefined
  /** Undefined where nothing is given, or nothing that can be used. */
  one<T>(key: string, parse: (text: string) => Outcome<T>): T | undefined
  /** What can be used of a list by blanks or commas, each once. */
  list<T>(key: string, parse: (text: string) => Outcome<T>): readonly T[]
  /** What can be used of parts that the caller has taken apart, each once. */
  each<P, T>(key: string, parts: readonly P[], parse: (part: P) => Outcome<T>): readonly T[]
  refuse(key: string, problem: string): void
}

/** What an import's form holds in an attribute, at most. */
const maxLength = 65535

/** ESXi gives `null` and some tools `""` for a field that was left empty. */
export const isAbsent = (text: string): boolean => ['', 'null', '""'].includes(text.trim())

/** A part of a value that is no secret, for a console: without what would move its cursor. */
export function quote(text: string): string {
  const short = text.length > 60 ? `${text.slice(0, 60)}...` : text
  return `'${short.replace(/[\p{C}\u2028\u2029]/gu, '?')}'`
}

/** Faults are added to `faults` as they are found. */
export function createReader(values: Values, faults: Fault[]): ValueReader {
  const refuse = (key: string, problem: string): void => {
    faults.push({ key, problem, instead: insteadOf(key) })
  }
  const given = new Map(Object.entries(values).filter(([, text]) => !isAbsent(text)))
  for (const [key, text] of given) {
    if (text.length <= maxLength) continue
    refuse(key, `it has more than ${maxLength} characters`)
    given.delete(key)
  }
  const each = <P, T>(key: string, parts: readonly P[], parse: (part: P) => Outcome<T>): readonly T[] => {
    const outcomes = parts.map(parse)
    for (const outcome of outcomes) if ('problem' in outcome) refuse(key, outcome.problem)
    return [...new Set(outcomes.flatMap(outcome => ('value' in outcome ? [outcome.value] : [])))]
  }
  return {
    refuse,
    each,
    text: key => given.get(key),
    one: (key, parse) =>
      each(
        key,
        [given.get(key)].flatMap(text => text ?? []),
        parse,
      )[0],
    list: (key, parse) => each(key, (given.get(key) ?? '').split(/[\s,]+/).filter(Boolean), parse),
  }
}
