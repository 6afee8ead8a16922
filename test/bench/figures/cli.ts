/** The same as a person has it: a function created by the command, until it is READY. */
import type { Figure, Group, Measurement } from '../figure.ts'
import { greetingPath, type Language, languages } from '../functions.ts'
import { deleteFunction, reachReady, timeMs } from '../rest.ts'
import { oncePerScope, type Scope } from '../scope.ts'
import { type BenchServer, startBenchServer } from '../server.ts'

const openServer = oncePerScope((scope: Scope) => startBenchServer(scope))

const floor: Figure = { name: 'floor.cli', unit: 'ms', about: 'dispatch get function' }

async function runCommand({ live }: BenchServer, ...args: string[]): Promise<void> {
  const { code, stderr } = await live.cli(...args)
  if (code !== 0) throw new Error(stderr)
}

const asking: Measurement = {
  figures: [floor],
  prepare: async scope => {
    const server = await openServer(scope)
    return async () => ({ [floor.name]: await timeMs(() => runCommand(server, 'get', 'function')) })
  },
}

const creating = (language: Language): Measurement => {
  const name = `create.ready.cli.${language}`
  const about = `dispatch create function ... --image ${language}, until READY`
  return {
    figures: [{ name, unit: 'ms', about, beside: floor.name }],
    prepare: async scope => {
      const server = await openServer(scope)
      let created = 0
      return async () => {
        created += 1
        const functionName = `cli-${language}-${created}`
        const elapsedMs = await timeMs(async () => {
          await runCommand(server, 'create', 'function', functionName, greetingPath(language), '--image', language)
          await reachReady(server.rest, `/v1/function/${functionName}`)
        })
        await deleteFunction(server.rest, functionName)
        await server.reachFullPools()
        return { [name]: elapsedMs }
      }
    },
  }
}

export const cli: Group = { name: 'cli', rounds: 5, measurements: [asking, ...languages.map(creating)] }
