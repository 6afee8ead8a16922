/** Owns what a command is: data from which parser, help, completion and the types of its flags and arguments all come. */
import type { CandidateSource, FlagTable, FlagValues } from './flag.ts'
import type { Io } from './io.ts'
import type { Session } from './session.ts'

/** How many positional arguments; absent bounds mean that further ones are ignored, as scripts rely on. */
export interface Arity {
  readonly min?: number
  readonly max?: number
}

export interface Invocation<Table extends FlagTable = FlagTable> {
  readonly flags: FlagValues<Table>
  /** Names of the flags that really were on the command line. */
  readonly given: ReadonlySet<string>
  readonly args: readonly string[]
  readonly session: Session
  readonly io: Io
  readonly root: CommandNode
}

export interface Command<Table extends FlagTable = FlagTable> {
  /** Names of the arguments, as shown behind the command's name. */
  readonly usage: string
  readonly description?: string
  readonly examples?: readonly string[]
  readonly arity: Arity
  /** What each argument names, for completion. */
  readonly completes?: readonly CandidateSource[]
  readonly flags: Table
  /** A flag without which the command only shows its help, e.g. `file`. */
  readonly helpWithout?: string
  /** A request may take as long as the server does, unless --request-timeout says otherwise. */
  readonly waitsForever?: true
  /** The exit code, 0 when nothing is returned. */
  run(invocation: Invocation<Table>): Promise<number | undefined>
}

/** A word of the command line: a command, a group of commands, or (like `create`) both. */
export interface CommandNode {
  readonly name: string
  readonly aliases?: readonly string[]
  /** Other words for the same wish, for "Did you mean this?". */
  readonly suggestFor?: readonly string[]
  readonly summary: string
  /** First steps, for a group that has no command of its own. */
  readonly examples?: readonly string[]
  readonly children?: readonly CommandNode[]
  /** Not for people: neither help nor completion tells of it. */
  readonly hidden?: true
  readonly load?: () => Promise<Command>
}

/** Gives a command its precise flag types; the result is plain data. */
export const defineCommand = <const Table extends FlagTable>(command: Command<Table>): Command<Table> => command

export const exactly = (count: number): Arity => ({ min: count, max: count })
export const atLeast = (count: number): Arity => ({ min: count })
export const between = (min: number, max: number): Arity => ({ min, max })
export const atMost = (count: number): Arity => ({ max: count })
export const anyNumber: Arity = {}
