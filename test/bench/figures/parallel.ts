/** Calls of one function at the same time. */
import type { Group, Measurement } from '../figure.ts'
import { createFunction, type Language, languages, sleepingSource } from '../functions.ts'
import { runPath, timeMs } from '../rest.ts'
import { oncePerScope, type Scope } from '../scope.ts'
import { type BenchServer, startBenchServer } from '../server.ts'

const atOnce = 8

const openServer = oncePerScope((scope: Scope) => startBenchServer(scope))

async function callOnce({ rest }: BenchServer, name: string): Promise<void> {
  const text = await rest.send('POST', runPath(name), { blocking: true, input: {} })
  if (!text.includes('"status":"READY"')) throw new Error(`a call failed: ${text}`)
}

const parallelCalls = (language: Language): Measurement => {
  const name = `parallel.8.${language}`
  const about = `${atOnce} calls at once of a ${language} function that takes 1 s`
  return {
    figures: [{ name, unit: 'ms', about, bars: [{ atMost: 1100 }] }],
    prepare: async scope => {
      const server = await openServer(scope)
      const functionName = `second-${language}`
      await createFunction(server.rest, { name: functionName, language, source: sleepingSource[language] })
      const calls = () => Promise.all(Array.from({ length: atOnce }, () => callOnce(server, functionName)))
      return async () => ({ [name]: await timeMs(calls) })
    },
  }
}

export const parallel: Group = { name: 'parallel', rounds: 5, measurements: languages.map(parallelCalls) }
