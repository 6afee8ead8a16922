/** Owns what a command is: data from which parser, help, completion and the types of its flags and arguments all come. */
import type { Io } from './io.ts'
import type { Session } from './session.ts'

/**
 * The value kinds of flags. `names` is repeatable and split at commas, for values that cannot contain one; `texts` is
 * repeatable with commas kept; `integer` is a signed 64-bit number.
 */
export interface FlagKinds {
  text: string
  toggle: boolean
  integer: bigint
  duration: number | undefined
  names: readonly string[]
  texts: readonly string[]
}
export type FlagKind = keyof FlagKinds

export interface Flag<Kind extends FlagKind = FlagKind> {
  readonly kind: Kind
  readonly summary: string
  readonly short?: string
  /** What the value is called in help; the kind's own word when absent. */
  readonly value?: string
  readonly fallback?: string
  /** Without it the command line is refused before anything else happens. */
  readonly required?: true
  readonly hidden?: true
}
export type FlagTable = Readonly<Record<string, Flag>>
export type FlagValues<Table extends FlagTable> = {
  readonly [Name in keyof Table]: FlagKinds[Table[Name]['kind']]
}

/** How many positional arguments; absent bounds mean that further ones are ignored, as scripts rely on. */
export interface Arity {
  readonly min?: number
  readonly max?: number
}

export interface Invocation<Table extends FlagTable = FlagTable> {
  readonly flags: FlagValues<Table>
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
  /** What the one argument of the command names, for completion: the plural of a kind, e.g. `functions`. */
  readonly completes?: string
  readonly load?: () => Promise<Command>
}

/** Gives a command its precise flag types; the result is plain data. */
export const defineCommand = <const Table extends FlagTable>(command: Command<Table>): Command<Table> => command

export const exactly = (count: number): Arity => ({ min: count, max: count })
export const atLeast = (count: number): Arity => ({ min: count })
export const atMost = (count: number): Arity => ({ max: count })
export const anyNumber: Arity = {}

/** Shared by the commands that take it; only `create` and `get` act upon it. */
export const applicationFlag = {
  application: { kind: 'text', short: 'a', value: 'NAME', summary: 'the application that the object belongs to' },
} as const satisfies FlagTable
