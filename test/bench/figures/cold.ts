/** Cold starts: new functions on a server without pools, beside a container that only pauses. */
import type { Figure, Group, Measurement } from '../figure.ts'
import { openPausing } from '../floors/docker.ts'
import { type Language, languages } from '../functions.ts'
import { deleteFunction } from '../rest.ts'
import { oncePerScope, type Scope } from '../scope.ts'
import { startBenchServer } from '../server.ts'
import { timeFirstAnswer } from './create.ts'

const startsARound = 4

const openServer = oncePerScope((scope: Scope) => startBenchServer(scope, { args: ['--pool-size', '0'] }))

const floor: Figure = {
  name: 'floor.docker',
  unit: 'ms',
  about: 'create, start and remove a locked-down container that only pauses',
  statistic: 'p50',
}

const pausing: Measurement = {
  figures: [floor],
  prepare: async scope => {
    const timeOne = await openPausing(scope)
    return async () => {
      const times: number[] = []
      while (times.length < startsARound) times.push(await timeOne())
      return { [floor.name]: times }
    }
  },
}

function coldStart(language: Language): Measurement {
  const name = `cold.start.${language}`
  const about = `POST of a ${language} function to its first answer without a pool`
  const bars = [{ atMost: 1.3, times: floor.name }]
  return {
    figures: [{ name, unit: 'ms', about, bars, statistic: 'p50' }],
    prepare: async scope => {
      const server = await openServer(scope)
      let created = 0
      const startOne = async (): Promise<number> => {
        created += 1
        const functionName = `cold-${language}-${created}`
        const { readyMs, firstCallMs } = await timeFirstAnswer(server, functionName, language)
        await deleteFunction(server.rest, functionName)
        await server.reachFullPools()
        return readyMs + firstCallMs
      }
      return async () => {
        const times: number[] = []
        while (times.length < startsARound) times.push(await startOne())
        return { [name]: times }
      }
    },
  }
}

export const cold: Group = { name: 'cold', rounds: 5, measurements: [pausing, ...languages.map(coldStart)] }
