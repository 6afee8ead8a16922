/** A built server with both languages seeded, as each group of figures gets one of its own. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Dockerode from 'dockerode'
import { dockerLabel } from '../../server/core/docker-labels.ts'
import { type LiveServer, type LiveServerOptions, startLiveServer } from '../helpers/live-server.ts'
import { until } from '../helpers/wait.ts'
import type { Scope } from './figure.ts'
import { createFunction, languages } from './functions.ts'
import type { Target } from './load.ts'
import { prepareRequest } from './load.ts'
import { createRest, greet, greeting, input, type Rest, reachReady, restHeaders, runPath } from './rest.ts'
import { settle } from './settle.ts'

export interface BenchServer {
  live: LiveServer
  rest: Rest
  /** Docker ids of the running containers of this server. */
  containers(): Promise<string[]>
  /** Resolves when as many containers run as did when all pools were full and there was no function yet. */
  reachFullPools(): Promise<void>
}

export const docker = new Dockerode()

export async function seedImages({ cli }: LiveServer, rest: Rest): Promise<void> {
  const { code, stderr } = await cli('create', 'seed-images')
  if (code !== 0) throw new Error(stderr)
  for (const language of languages) await reachReady(rest, `/v1/image/${language}`)
}

const listContainers = async (directory: string): Promise<string[]> => {
  const instanceId = readFileSync(join(directory, 'dispatch-data', 'instance-id'), 'utf8').trim()
  const filters = { label: [`${dockerLabel('instance')}=${instanceId}`], status: ['running'] }
  return (await docker.listContainers({ filters })).map(({ Id }) => Id)
}

/** Resolves with the number of containers once it has not changed while the machine came to rest. */
async function countAtRest(containers: () => Promise<string[]>, atLeast: number): Promise<number> {
  let before = -1
  return until('the pools are full', async () => {
    await settle()
    const { length } = await containers()
    const isSteady = length === before && length >= atLeast
    before = length
    return isSteady ? { length } : undefined
  }).then(({ length }) => length)
}

export async function startBenchServer(scope: Scope, options: LiveServerOptions = {}): Promise<BenchServer> {
  const live = await startLiveServer(options)
  scope.defer(() => live.stop())
  const rest = createRest(live.url)
  scope.defer(() => rest.close())
  await seedImages(live, rest)
  const containers = () => listContainers(live.directory)
  const hasPools = !options.args?.includes('--pool-size')
  const full = await countAtRest(containers, hasPools ? languages.length : 0)
  const reachFullPools = async () => {
    await until('the pools are full again', async () => (await containers()).length === full)
  }
  return { live, rest, containers, reachFullPools }
}

/** Creates the function and says how load reaches it. */
export async function prepareGreeter(
  server: BenchServer,
  name: string,
  language: (typeof languages)[number],
): Promise<Target> {
  await createFunction(server.rest, { name, language })
  await greet(server.rest, name)
  const body = JSON.stringify({ blocking: true, input })
  return { port: server.live.port, request: prepareRequest(runPath(name), restHeaders, body), contains: greeting }
}
