/**
 * What it costs that the server asks who calls, and what policies say of it: two servers alike but for that, with the same
 * load. It is little, so they take turns in short slices, since within one the machine hardly changes.
 */
import { type Mode, prepareGreeterIn } from '../asked-server.ts'
import type { Bar, Figure, Group, Measurement, Unit } from '../figure.ts'
import { applyLoad, forMs, type LoadResult, type Target } from '../load.ts'
import { quantile } from '../statistics.ts'

const slices = 12
const sliceMs = 500

interface Cost {
  name: string
  unit: Unit
  about: string
  connections: number
  bar: Bar
  /** Of all slices of a round, each as long as the others. */
  valueOf(results: readonly LoadResult[]): number
}

const costs: Cost[] = [
  {
    name: 'runs.c32.rps.nodejs',
    unit: '1/s',
    about: '32 connections',
    connections: 32,
    bar: { atLeast: 0.92, times: 'runs.c32.rps.nodejs.open' },
    valueOf: results => results.reduce((sum, { perSecond }) => sum + perSecond, 0) / results.length,
  },
  {
    name: 'runs.c1.p50.nodejs',
    unit: 'ms',
    about: 'one after the other',
    connections: 1,
    bar: { atMost: 1, times: 'runs.c1.p50.nodejs.open', plus: 0.05 },
    valueOf: results => quantile(Float64Array.from(results.flatMap(({ latenciesMs }) => [...latenciesMs])).sort(), 0.5),
  },
]

const abouts: Record<Mode, string> = {
  open: 'an API token that nobody asks for',
  required: 'an API token, where policies decide',
}

const figureOf = ({ name, unit, about, bar }: Cost, mode: Mode): Figure => ({
  name: `${name}.${mode}`,
  unit,
  about: `blocking, durable runs of the nodejs example by ${abouts[mode]}, ${about}`,
  bars: mode === 'required' ? [bar] : [],
})

/** Each is first as often as second. */
async function takeTurns(targets: Record<Mode, Target>, connections: number): Promise<Record<Mode, LoadResult[]>> {
  const results: Record<Mode, LoadResult[]> = { open: [], required: [] }
  for (let slice = 0; slice < slices; slice += 1) {
    const turns: Mode[] = slice % 2 === 0 ? ['open', 'required'] : ['required', 'open']
    for (const mode of turns)
      results[mode].push(await applyLoad(targets[mode], { connections, goesOn: forMs(sliceMs) }))
  }
  return results
}

function compare(cost: Cost): Measurement {
  const [open, required] = [figureOf(cost, 'open'), figureOf(cost, 'required')]
  return {
    figures: [open, required],
    prepare: async scope => {
      const targets = {
        open: await prepareGreeterIn('open', scope),
        required: await prepareGreeterIn('required', scope),
      }
      return async () => {
        const results = await takeTurns(targets, cost.connections)
        return { [open.name]: cost.valueOf(results.open), [required.name]: cost.valueOf(results.required) }
      }
    },
  }
}

export const asked: Group = { name: 'runs.asked', rounds: 5, measurements: costs.map(compare) }
