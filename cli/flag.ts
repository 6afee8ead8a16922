/** Owns what a flag is: its kind of value, its letter, its words in help, and the type its value has in a command. */

/**
 * The value kinds of flags. `names` is repeatable and split at commas, for values that cannot contain one; `texts` is
 * repeatable with commas kept; `integer` is a signed 64-bit number.
 */
export interface FlagKinds {
  text: string
  toggle: boolean
  integer: bigint
  /** Not negative. */
  number: number
  duration: number | undefined
  names: readonly string[]
  texts: readonly string[]
}
export type FlagKind = keyof FlagKinds

/**
 * A kind of objects whose names fit, `contexts`, `runs` of the function before, `events`, `driver-types` with those that are
 * built in, or the words themselves; '' where only the user knows.
 */
export type CandidateSource = string | readonly string[]

export interface Flag<Kind extends FlagKind = FlagKind> {
  readonly kind: Kind
  readonly summary: string
  readonly short?: string
  /** What the value is called in help; the kind's own word when absent. */
  readonly value?: string
  readonly fallback?: string
  /** For completion. */
  readonly completes?: CandidateSource
  /** Without it the command line is refused before anything else happens. */
  readonly required?: true
  readonly hidden?: true
}
export type FlagTable = Readonly<Record<string, Flag>>
export type FlagValues<Table extends FlagTable> = {
  readonly [Name in keyof Table]: FlagKinds[Table[Name]['kind']]
}

/** Shared by the commands that take it; only `create` and `get` act upon it. */
export const applicationFlag = {
  application: { kind: 'text', short: 'a', value: 'NAME', summary: 'the application that the object belongs to' },
} as const satisfies FlagTable
