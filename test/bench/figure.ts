/** What the bench measures, as data: figures with their bars, and the measurements whose rounds give them. */
import type { Scope } from './scope.ts'
import type { Statistic } from './statistics.ts'

export type Unit = 'ms' | '1/s' | 'MB' | 'us'

/** A limit: so much, or so many times another figure of the same run, `plus` so much. */
export type Bar = ({ atMost: number } | { atLeast: number }) & { times?: string; plus?: number }

export interface Figure {
  name: string
  unit: Unit
  /** What it is, for the document. */
  about: string
  bars?: readonly Bar[]
  /** A floor of the same run that is reported beside it, where no bar is a ratio. */
  beside?: string
  /** The reading it is taken from, where that is not its own name. */
  reading?: string
  /** Of readings that are samples. */
  statistic?: Statistic
}

/** By name: one value of a round, or the samples of single events, which are pooled over all rounds. */
export type Readings = Readonly<Record<string, number | readonly number[]>>

export type Round = () => Promise<Readings>

export interface Measurement {
  figures: readonly Figure[]
  /** Once, before the rounds. Any failure, here or in a round, refuses the figures. */
  prepare(scope: Scope): Promise<Round>
}

/** Measurements that take turns round by round, so that noise meets all of them alike. */
export interface Group {
  name: string
  rounds: number
  measurements: readonly Measurement[]
}
