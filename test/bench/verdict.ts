/** From the readings of all rounds to what is reported: value, spread, and whether each bar holds. Pure. */
import type { Bar, Figure, Readings, Unit } from './figure.ts'
import { median, type Statistic, statisticOf } from './statistics.ts'

export interface BarVerdict {
  text: string
  /** The bar as a value in the figure's own unit; null when the figure it refers to was refused. */
  limit: number | null
  /** Figure that a ratio refers to, its value, and the ratio. */
  against: { name: string; value: number | null; ratio: number | null } | null
  holds: boolean | null
}

export interface Result {
  name: string
  unit: Unit
  about: string
  /** One for each round. */
  rounds: number[]
  min: number
  median: number
  max: number
  /** What the bars are held against: the median of the rounds, or the statistic of all samples. */
  value: number
  samples: number | null
  bars: BarVerdict[]
  beside: { name: string; value: number | null } | null
}

const isSamples = (reading: number | readonly number[]): reading is readonly number[] => typeof reading === 'object'

function summarize(readings: readonly (number | readonly number[])[], statistic: Statistic) {
  const rounds = readings.map(reading => (isSamples(reading) ? statisticOf(reading, statistic) : reading))
  const samples = readings.filter(isSamples).flat()
  const spread = { min: statisticOf(rounds, 'min'), median: median(rounds), max: statisticOf(rounds, 'max') }
  const value = samples.length > 0 ? statisticOf(samples, statistic) : spread.median
  return { rounds, ...spread, value, samples: samples.length > 0 ? samples.length : null }
}

export function renderBar(bar: Bar): string {
  const [sign, amount] = 'atMost' in bar ? ['<=', bar.atMost] : ['>=', bar.atLeast]
  const more = bar.plus === undefined ? '' : ` + ${bar.plus}`
  return bar.times === undefined ? `${sign} ${amount}` : `${sign} ${amount} x ${bar.times}${more}`
}

function judge(bar: Bar, value: number, look: (name: string) => number | null): BarVerdict {
  const amount = 'atMost' in bar ? bar.atMost : bar.atLeast
  const reference = bar.times === undefined ? 1 : look(bar.times)
  const limit = reference === null ? null : amount * reference + (bar.plus ?? 0)
  const holds = limit === null ? null : 'atMost' in bar ? value <= limit : value >= limit
  const ratio = reference === null ? null : value / reference
  const against = bar.times === undefined ? null : { name: bar.times, value: reference, ratio }
  return { text: renderBar(bar), limit, against, holds }
}

/** Figures without readings are left out: they were refused, or not asked for. */
export function planResults(figures: readonly Figure[], rounds: readonly Readings[]): Result[] {
  const taken = figures.flatMap(figure => {
    const reading = figure.reading ?? figure.name
    const readings = rounds.flatMap(round => (round[reading] === undefined ? [] : [round[reading]]))
    return readings.length > 0 ? [{ figure, ...summarize(readings, figure.statistic ?? 'p50') }] : []
  })
  const values = new Map(taken.map(({ figure, value }) => [figure.name, value]))
  const look = (name: string) => values.get(name) ?? null
  return taken.map(({ figure: { name, unit, about, bars = [], beside }, ...summary }) => ({
    name,
    unit,
    about,
    ...summary,
    bars: bars.map(bar => judge(bar, summary.value, look)),
    beside: beside === undefined ? null : { name: beside, value: look(beside) },
  }))
}
