/** New functions, one at a time from full pools: until READY, the first call after that, and the first answer altogether. */
import type { Figure, Group, Measurement } from '../figure.ts'
import { functionBody, type Language, languages, type Speaker } from '../functions.ts'
import { deleteFunction, greet, reachReady, timeMs } from '../rest.ts'
import { oncePerScope, type Scope } from '../scope.ts'
import { type BenchServer, startBenchServer } from '../server.ts'
import { settle } from '../settle.ts'

const rounds = 5
/** For each language and round: 1,000 functions in all. */
const functionsARound = 100
/** The first ones of each round are created on a machine at rest; for all others it is enough that Docker has done its work. */
const atRestARound = 20
/** 50 for each language. */
const readyARound = 10

const openServer = oncePerScope((scope: Scope) => startBenchServer(scope))

const figuresOf = (language: Language): Figure[] => {
  const common = { unit: 'ms' as const, beside: 'floor.docker' }
  const ready = {
    ...common,
    reading: `create.ready.${language}`,
    about: 'POST of a function to READY, machine at rest',
  }
  const first = {
    ...common,
    reading: `create.first-call.${language}`,
    about: 'the first call of a function that is READY',
  }
  const answer = {
    ...common,
    reading: `create.first-answer.${language}`,
    about: 'POST of a function to its first answer',
  }
  return [
    { ...ready, name: `create.ready.p50.${language}`, statistic: 'p50', bars: [{ atMost: 12 }] },
    { ...ready, name: `create.ready.max.${language}`, statistic: 'max', bars: [{ atMost: 40 }] },
    { ...first, name: `create.first-call.p99.${language}`, statistic: 'p99', bars: [{ atMost: 10 }] },
    { ...answer, name: `create.first-answer.p50.${language}`, statistic: 'p50', bars: [{ atMost: 15 }] },
    { ...answer, name: `create.first-answer.p99.${language}`, statistic: 'p99', bars: [{ atMost: 40 }] },
  ]
}

interface Sample {
  readyMs: number
  firstCallMs: number
}

export async function timeFirstAnswer({ rest }: BenchServer, name: string, language: Speaker): Promise<Sample> {
  const body = await functionBody({ name, language })
  const readyMs = await timeMs(async () => {
    await rest.send('POST', '/v1/function', body)
    await reachReady(rest, `/v1/function/${name}`)
  })
  return { readyMs, firstCallMs: await timeMs(() => greet(rest, name)) }
}

const measure = (language: Language): Measurement => ({
  figures: figuresOf(language),
  prepare: async scope => {
    const server = await openServer(scope)
    let created = 0
    const sampleOne = async (isAtRest: boolean): Promise<Sample> => {
      await server.reachFullPools()
      if (isAtRest) await settle()
      created += 1
      const name = `new-${language}-${created}`
      const sample = await timeFirstAnswer(server, name, language)
      await server.reachRefill()
      await deleteFunction(server.rest, name)
      return sample
    }
    return async () => {
      const samples: Sample[] = []
      while (samples.length < functionsARound) samples.push(await sampleOne(samples.length < atRestARound))
      await server.reachFullPools()
      const atRest = samples.slice(0, atRestARound)
      return {
        [`create.ready.${language}`]: atRest.slice(0, readyARound).map(({ readyMs }) => readyMs),
        [`create.first-call.${language}`]: samples.map(({ firstCallMs }) => firstCallMs),
        [`create.first-answer.${language}`]: atRest.map(({ readyMs, firstCallMs }) => readyMs + firstCallMs),
      }
    }
  },
})

export const create: Group = { name: 'create', rounds, measurements: languages.map(measure) }
