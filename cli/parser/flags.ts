/** Owns the flag grammar: which words of a command line are flags, which are their values, which are arguments. */

import { UsageError } from '../failure.ts'
import type { Flag, FlagKinds, FlagTable } from '../flag.ts'
import { nearestOf } from './edit-distance.ts'
import { defaultValue, parseValue } from './values.ts'

export type Values = Record<string, FlagKinds[keyof FlagKinds]>

export interface Parsed {
  readonly values: Values
  /** Names of the flags that really were on the command line. */
  readonly given: ReadonlySet<string>
  readonly args: readonly string[]
}

interface State {
  readonly table: FlagTable
  readonly given: Map<string, FlagKinds[keyof FlagKinds]>
  readonly words: string[]
}

const label = (name: string, flag: Flag) => (flag.short === undefined ? `--${name}` : `-${flag.short}, --${name}`)

function give(state: State, name: string, text: string): void {
  const flag = state.table[name]
  if (flag === undefined) return
  try {
    state.given.set(name, parseValue(flag, text, state.given.get(name)))
  } catch (thrown) {
    if (!(thrown instanceof UsageError)) throw thrown
    throw new UsageError(
      `invalid argument ${JSON.stringify(text)} for ${JSON.stringify(label(name, flag))} flag: ${thrown.message}`,
    )
  }
}

function hintAt(name: string, table: FlagTable): string {
  const known = Object.keys(table).filter(candidate => !table[candidate]?.hidden)
  const near = nearestOf(name, known)
  return near === undefined ? '' : `\nDid you mean --${near}?\n`
}

/** One word gives one flag, or several toggles run together. */
type Reading = readonly (readonly [name: string, text: string])[]

function readLong(state: State, word: string): Reading {
  const [name = '', ...rest] = word.slice(2).split('=')
  if (name === '' || name.startsWith('-')) throw new UsageError(`bad flag syntax: ${word}`)
  const flag = Object.hasOwn(state.table, name) ? state.table[name] : undefined
  if (flag === undefined) throw new UsageError(`unknown flag: --${name}${hintAt(name, state.table)}`)
  if (rest.length > 0) return [[name, rest.join('=')]]
  if (flag.kind === 'toggle') return [[name, 'true']]
  const value = state.words.shift()
  if (value === undefined) throw new UsageError(`flag needs an argument: --${name}`)
  return [[name, value]]
}

/** `-o json`, `-ojson`, `-o=json`, and toggles run together: `-abc`. */
function readShort(state: State, letters: string): Reading {
  const letter = letters.slice(0, 1)
  const rest = letters.slice(1)
  const [name, flag] = Object.entries(state.table).find(([, candidate]) => candidate.short === letter) ?? []
  if (name === undefined || flag === undefined)
    throw new UsageError(`unknown shorthand flag: '${letter}' in -${letters}`)
  if (rest.startsWith('=')) return [[name, rest.slice(1)]]
  if (flag.kind === 'toggle') return [[name, 'true'], ...(rest === '' ? [] : readShort(state, rest))]
  const value = rest === '' ? state.words.shift() : rest
  if (value === undefined) throw new UsageError(`flag needs an argument: '${letter}' in -${letters}`)
  return [[name, value]]
}

/** Throws UsageError. Flags and arguments mix in any order; `--` ends the flags; a lone `-` is an argument. */
export function parseFlags(words: readonly string[], table: FlagTable): Parsed {
  const state: State = { table, given: new Map(), words: [...words] }
  const args: string[] = []
  for (let word = state.words.shift(); word !== undefined; word = state.words.shift()) {
    if (word === '--') args.push(...state.words.splice(0))
    else if (!word.startsWith('-') || word === '-') args.push(word)
    else {
      const reading = word.startsWith('--') ? readLong(state, word) : readShort(state, word.slice(1))
      for (const [name, text] of reading) give(state, name, text)
    }
  }
  const values: Values = {}
  for (const [name, flag] of Object.entries(table)) values[name] = state.given.get(name) ?? defaultValue(flag)
  return { values, given: new Set(state.given.keys()), args }
}
