/** Starts of our own programs beside an empty Node. */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startLiveServer } from '../../helpers/live-server.ts'
import type { Figure, Group } from '../figure.ts'
import { run, timeNode } from '../floors/node.ts'
import { timeMs } from '../rest.ts'

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

const beside = 'floor.node'

export const starts: Group = {
  name: 'starts',
  rounds: 5,
  measurements: [
    single({ name: 'floor.node', unit: 'ms', about: 'node -e 0' }, timeNode),
    single({ name: 'server.start', unit: 'ms', about: 'empty server: start to first 200', beside }, timeServer),
    single({ name: 'cli.start', unit: 'ms', about: 'dispatch help', beside }, () =>
      timeMs(() => run(process.execPath, [dispatch, 'help'])),
    ),
  ],
}
