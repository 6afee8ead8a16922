/** A bench figure: rounds of a measurement and of its floor, taken in turn, so that noise meets both alike. */
import { settle } from './settle.ts'

export interface Figure {
  name: string
  unit: string
  rounds: number
  min: number
  median: number
  max: number
  /** Median of the floor's rounds. */
  floor: number
  /** What the floor is, in words. */
  floorIs: string
  /** Median over floor. */
  ratio: number
  /** Limit of the ratio, or null where none is set. */
  bar: number | null
  holds: boolean | null
}

export interface Measurement {
  name: string
  unit: string
  rounds: number
  floorIs: string
  bar: number | null
  /** True where a larger value is the better one. */
  higherIsBetter: boolean
  measure(): Promise<number>
  measureFloor(): Promise<number>
}

const sorted = (values: number[]): number[] => values.toSorted((a, b) => a - b)
const median = (values: number[]): number => sorted(values)[Math.floor(values.length / 2)] ?? Number.NaN

export async function takeFigure(measurement: Measurement, onRound: (round: number) => void): Promise<Figure> {
  const { name, unit, rounds, floorIs, bar, higherIsBetter } = measurement
  const values: number[] = []
  const floors: number[] = []
  for (let round = 1; round <= rounds; round += 1) {
    onRound(round)
    await settle()
    floors.push(await measurement.measureFloor())
    await settle()
    values.push(await measurement.measure())
  }
  const floor = median(floors)
  const ratio = median(values) / floor
  const holds = bar === null ? null : higherIsBetter ? ratio >= bar : ratio <= bar
  const [min = Number.NaN] = sorted(values)
  return {
    name,
    unit,
    rounds,
    min,
    median: median(values),
    max: sorted(values).at(-1) ?? Number.NaN,
    floor,
    floorIs,
    ratio,
    bar,
    holds,
  }
}

const digits = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toPrecision(3))

export function renderFigures(figures: Figure[]): string {
  const rows = figures.map(({ name, unit, rounds, min, median: middle, max, floor, ratio, bar, holds, floorIs }) => [
    name,
    unit,
    String(rounds),
    digits(min),
    digits(middle),
    digits(max),
    digits(floor),
    ratio.toFixed(2),
    bar === null ? '-' : String(bar),
    holds === null ? '-' : holds ? 'holds' : 'MISSED',
    floorIs,
  ])
  const table = [
    ['figure', 'unit', 'rounds', 'min', 'median', 'max', 'floor', 'ratio', 'bar', 'verdict', 'the floor is'],
    ...rows,
  ]
  const widths = table[0]?.map((_, column) => Math.max(...table.map(row => row[column]?.length ?? 0))) ?? []
  return table
    .map(row =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
