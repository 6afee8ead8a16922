/** A live server on a Docker of its own, with functions that can be put under load, to which faults are done. */
import { join } from 'node:path'
import type { ExecutionContext } from 'ava'
import { type LiveServer, startLiveServer } from '../helpers/live-server.ts'
import { type OwnDocker, startOwnDocker } from '../helpers/own-docker.ts'
import { until } from '../helpers/wait.ts'
import { createLoadedFunctions, loadedFunction } from './load.ts'
import { containersOf, imageOfCodeIn, reachCleanDocker, seed } from './stage.ts'

export interface LoadedStage {
  own: OwnDocker
  server: LiveServer
  /** The ids of the containers in which that loaded function is, or with undefined of those that wait in pools. */
  containersWith(functionName: string | undefined): Promise<string[]>
  /** Resolves when the pools are as full as they were before any fault, and nothing else of the server's is in Docker. */
  reachRestored(): Promise<void>
}

export async function createLoadedStage(t: ExecutionContext): Promise<LoadedStage> {
  const own = await startOwnDocker()
  t.teardown(own.close)
  const server = await startLiveServer({ env: own.env })
  t.teardown(() => server.stop())
  const dataDir = join(server.directory, 'dispatch-data')
  const containers = () => containersOf(own, dataDir)
  await seed(server)
  await createLoadedFunctions(server)
  await reachCleanDocker(own, dataDir)
  const wanted = (await containers()).length
  return {
    own,
    server,
    containersWith: async functionName => {
      const ids = (await containers()).toSorted()
      const holders = await Promise.all(ids.map(id => imageOfCodeIn(own, id)))
      return ids.filter((_, index) => loadedFunction(holders[index]) === functionName)
    },
    reachRestored: async () => {
      await until('the pools are full again', async () => (await containers()).length === wanted)
      await reachCleanDocker(own, dataDir)
    },
  }
}
