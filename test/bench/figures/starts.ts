/** Starts of our own programs beside an empty Node. */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cleanEnv, startLiveServer } from '../../helpers/live-server.ts'
import type { Figure, Group, Measurement } from '../figure.ts'
import { run, timeNode } from '../floors/node.ts'
import { timeMs } from '../rest.ts'
import { oncePerScope, type Scope } from '../scope.ts'
import { startBenchServer } from '../server.ts'

const dispatch = join(fileURLToPath(new URL('../../../dist/', import.meta.url)), 'dispatch')

async function timeServer(): Promise<number> {
  const startMs = performance.now()
  const server = await startLiveServer()
  const elapsedMs = performance.now() - startMs
  await server.stop()
  return elapsedMs
}

const single = (figure: Figure, measure: () => Promise<number>) => ({
  figures: [figure],
  prepare: async () => async () => ({ [figure.name]: await measure() }),
})

const openServer = oncePerScope((scope: Scope) => startBenchServer(scope))

/** From its second start on: the first one compiles. */
const starting = (figure: Figure, words: readonly string[]): Measurement => ({
  figures: [figure],
  prepare: async scope => {
    const { directory } = (await openServer(scope)).live
    const env = { ...cleanEnv, HOME: directory, DISPATCH_CONFIG: join(directory, 'cli.json') }
    const start = () => run(process.execPath, [dispatch, ...words], { env })
    await start()
    return async () => ({ [figure.name]: await timeMs(start) })
  },
})

const beside = 'floor.node'
const bars = [{ atMost: 1.5, times: beside }]

export const starts: Group = {
  name: 'starts',
  rounds: 20,
  measurements: [
    single({ name: 'floor.node', unit: 'ms', about: 'node -e 0' }, timeNode),
    single({ name: 'server.start', unit: 'ms', about: 'empty server: start to first 200', beside }, timeServer),
    starting({ name: 'cli.start.help', unit: 'ms', about: 'dispatch help', bars }, ['help']),
    starting({ name: 'cli.start.version', unit: 'ms', about: 'dispatch version, which asks the server', bars }, [
      'version',
    ]),
    starting({ name: 'cli.start.get', unit: 'ms', about: 'dispatch get functions', bars }, ['get', 'functions']),
  ],
}
