/** Owns what an unfinished command line is about: the command, the flag that waits for its value, the arguments so far. */
import type { Command, CommandNode } from '../command.ts'
import type { Flag, FlagTable } from '../flag.ts'
import { findCommand } from '../parser/find.ts'
import { globalFlags } from '../parser/global-flags.ts'

export interface Unfinished {
  readonly node: CommandNode
  readonly command: Command | undefined
  /** Those of the command and the global ones. */
  readonly table: FlagTable
  /** The word being typed; may be empty. */
  readonly current: string
  /** Whose value is being typed. */
  readonly pending: Flag | undefined
  readonly args: readonly string[]
  /** Global flags on the line, with their values. */
  readonly globals: readonly string[]
}

function flagOf(word: string, table: FlagTable): readonly [string, Flag] | undefined {
  const entries = Object.entries(table)
  if (word.startsWith('--')) return entries.find(([name]) => name === word.slice(2).split('=')[0])
  return entries.find(([, flag]) => flag.short === word.slice(1, 2))
}

/** `--output=json` and `-o=json` reach us from bash as three words. */
const joinAssignments = (words: readonly string[]): string[] =>
  words.filter((word, index) => word !== '=' || !words[index - 1]?.startsWith('-'))

interface Reading {
  pending: Flag | undefined
  readonly args: string[]
  readonly globals: string[]
}

function readWords(words: readonly string[], table: FlagTable): Reading {
  const reading: Reading = { pending: undefined, args: [], globals: [] }
  let isGlobal = false
  for (const word of words) {
    if (reading.pending) {
      if (isGlobal) reading.globals.push(word)
      reading.pending = undefined
    } else if (!word.startsWith('-') || word === '-') reading.args.push(word)
    else {
      const [name, flag] = flagOf(word, table) ?? []
      isGlobal = name !== undefined && name in globalFlags
      if (isGlobal) reading.globals.push(word)
      const hasValue = word.includes('=') || (!word.startsWith('--') && word.length > 2)
      if (flag && flag.kind !== 'toggle' && !hasValue) reading.pending = flag
    }
  }
  // A flag without its value says nothing yet.
  if (reading.pending && isGlobal) reading.globals.pop()
  return reading
}

/** `words` are those behind `dispatch`, the last of them being typed. */
export async function readUnfinished(root: CommandNode, words: readonly string[]): Promise<Unfinished> {
  const joined = joinAssignments(words.slice(0, -1))
  const last = words.at(-1) ?? ''
  const { path, node, rest } = await findCommand(root, joined, globalFlags)
  // Behind it stand the words of another command, whose arguments it does not take.
  const isHelp = path.length === 2 && node.name === 'help'
  if (isHelp) return { ...(await readUnfinished(root, [...rest, last])), command: undefined }
  const command = await node.load?.()
  const table: FlagTable = { ...globalFlags, ...command?.flags }
  return { node, command, table, current: last === '=' ? '' : last, ...readWords(rest, table) }
}
