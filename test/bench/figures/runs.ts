/** Blocking, durable runs over HTTP under load, in turn with the floors and the peers. */
import type { Figure, Group, Measurement } from '../figure.ts'
import { openWorker, timeCalls } from '../floors/worker.ts'
import { type Language, languages } from '../functions.ts'
import { applyLoad, forMs } from '../load.ts'
import { quantile } from '../statistics.ts'
import { type Contestant, contestants } from './contestants.ts'
import { eventsOneByOne, eventsUnderLoad } from './events.ts'

const manyMs = 3000
const oneMs = 2000
const connections = 32

const fill = (name: string, part: string): string => name.replace('*', part)

function underLoad({ name, about, open, bars }: Contestant): Measurement {
  const rps: Figure = {
    name: fill(name, 'c32.rps'),
    unit: '1/s',
    about: `${about}, 32 connections`,
    bars: bars?.rps ?? [],
  }
  const p99: Figure = { ...rps, name: fill(name, 'c32.p99'), unit: 'ms', bars: bars?.p99 ?? [] }
  const cpu: Figure = {
    ...rps,
    name: `load.cpu.${fill(name, 'c32')}`,
    unit: 'us',
    about: 'CPU of the load itself, per call',
    bars: [],
  }
  return {
    figures: name.startsWith('floor') ? [rps, p99, cpu] : [rps, p99],
    prepare: async scope => {
      const target = await open(scope)
      return async () => {
        const { latenciesMs, perSecond, ownCpuMicroseconds } = await applyLoad(target, {
          connections,
          goesOn: forMs(manyMs),
        })
        return { [rps.name]: perSecond, [p99.name]: quantile(latenciesMs, 0.99), [cpu.name]: ownCpuMicroseconds }
      }
    },
  }
}

function oneByOne({ name, about, open, bars, beside }: Contestant): Measurement {
  const p50: Figure = {
    name: fill(name, 'c1.p50'),
    unit: 'ms',
    about: `${about}, one after the other`,
    bars: bars?.p50 ?? [],
    ...(beside !== undefined && { beside }),
  }
  return {
    figures: [p50],
    prepare: async scope => {
      const target = await open(scope)
      return async () => {
        const { latenciesMs } = await applyLoad(target, { connections: 1, goesOn: forMs(oneMs) })
        return { [p50.name]: quantile(latenciesMs, 0.5) }
      }
    },
  }
}

function overSocket(language: Language): Measurement {
  const about = `the ${language} example over its worker's socket alone, one call after the other`
  const p50: Figure = { name: `floor.worker.c1.p50.${language}`, unit: 'ms', about }
  return {
    figures: [p50],
    prepare: async scope => {
      const call = await openWorker(scope, language)
      return async () => ({ [p50.name]: await timeCalls(call, oneMs) })
    },
  }
}

export const runs: Group[] = [
  { name: 'runs.c32', rounds: 5, measurements: [...contestants.map(underLoad), ...eventsUnderLoad] },
  {
    name: 'runs.c1',
    rounds: 5,
    measurements: [...contestants.map(oneByOne), ...languages.map(overSocket), ...eventsOneByOne],
  },
]
