/** Calls that wake a function which has given its container up. */
import type { Group, Measurement } from '../figure.ts'
import { createFunction, type Language, languages } from '../functions.ts'
import { greet, timeMs } from '../rest.ts'
import { oncePerScope, type Scope } from '../scope.ts'
import { startBenchServer } from '../server.ts'
import { settle } from '../settle.ts'

/** Woken in each round: 100 for each language in all. */
const sleepers = 20

const openServer = oncePerScope((scope: Scope) => startBenchServer(scope, { args: ['--function-idle', '1s'] }))

const wakeUp = (language: Language): Measurement => {
  const reading = `wake.${language}`
  const common = {
    unit: 'ms' as const,
    reading,
    about: 'a call that wakes its function from zero',
    beside: 'floor.docker',
  }
  return {
    figures: [
      { ...common, name: `wake.p50.${language}`, statistic: 'p50', bars: [{ atMost: 12 }] },
      { ...common, name: `wake.p99.${language}`, statistic: 'p99', bars: [{ atMost: 30 }] },
    ],
    prepare: async scope => {
      const server = await openServer(scope)
      const names = Array.from({ length: sleepers }, (_, index) => `sleeper-${language}-${index}`)
      for (const name of names) await createFunction(server.rest, { name, language })
      return async () => {
        await server.reachFullPools()
        const times: number[] = []
        for (const name of names) {
          await settle()
          times.push(await timeMs(() => greet(server.rest, name)))
          await server.reachRefill()
        }
        return { [reading]: times }
      }
    },
  }
}

export const wake: Group = { name: 'wake', rounds: 5, measurements: languages.map(wakeUp) }
