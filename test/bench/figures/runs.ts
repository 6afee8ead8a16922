/** Blocking, durable runs over HTTP under load, in turn with the floors and the peers. */
import type { Bar, Figure, Group, Measurement } from '../figure.ts'
import { openWorker, timeCalls } from '../floors/worker.ts'
import { type Language, languages } from '../functions.ts'
import { applyLoad, forMs, type Target } from '../load.ts'
import { openFloor, openFunctionsFramework, openWorkerd } from '../processes.ts'
import { oncePerScope, type Scope } from '../scope.ts'
import { prepareGreeter, startBenchServer } from '../server.ts'
import { quantile } from '../statistics.ts'

const manyMs = 3000
const oneMs = 2000
const connections = 32

interface Contestant {
  /** Stands at the end of the names of its figures. */
  name: string
  about: string
  open(scope: Scope): Promise<Target>
  bars?: { rps: Bar[]; p99: Bar[]; p50: Bar[] }
  /** Floor reported beside the calls that come one after the other. */
  beside?: string
}

export const openServer = oncePerScope((scope: Scope) => startBenchServer(scope))

const bars = {
  rps: [
    { atLeast: 0.75, times: 'floor.http.c32.rps' },
    { atLeast: 1.2, times: 'peer.c32.rps.functions-framework' },
    { atLeast: 0.9, times: 'peer.c32.rps.workerd' },
  ],
  p99: [{ atMost: 3, times: 'floor.http.c32.p99' }],
  p50: [{ atMost: 1.5, times: 'floor.http.c1.p50' }],
}

const runsOf = (language: Language): Contestant => ({
  name: `runs.*.${language}`,
  about: `blocking, durable runs of the ${language} example`,
  open: async scope => prepareGreeter(await openServer(scope), `bench-${language}`, language),
  bars,
  beside: `floor.worker.c1.p50.${language}`,
})

const contestants: Contestant[] = [
  { name: 'floor.http.*', about: 'a fastify route that stores one durable row, no engine', open: openFloor },
  {
    name: 'peer.*.functions-framework',
    about: 'the nodejs example on functions-framework: no container, no record',
    open: openFunctionsFramework,
  },
  { name: 'peer.*.workerd', about: 'the nodejs example on workerd: no container, no record', open: openWorkerd },
  ...languages.map(runsOf),
]

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
  { name: 'runs.c32', rounds: 5, measurements: contestants.map(underLoad) },
  { name: 'runs.c1', rounds: 5, measurements: [...contestants.map(oneByOne), ...languages.map(overSocket)] },
]
