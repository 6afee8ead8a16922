/** A built server with the seed set, as each group of figures gets one of its own. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Dockerode from 'dockerode'
import { dockerLabel } from '../../server/core/docker-labels.ts'
import { type LiveServer, type LiveServerOptions, startLiveServer } from '../helpers/live-server.ts'
import { until } from '../helpers/wait.ts'
import { createFunction, languages, type Speaker } from './functions.ts'
import type { Target } from './load.ts'
import { prepareRequest } from './load.ts'
import { createRest, greet, greeting, input, type Rest, reachReady, restHeaders, runPath } from './rest.ts'
import type { Scope } from './scope.ts'
import { settle } from './settle.ts'

export interface BenchServer {
  live: LiveServer
  rest: Rest
  /** Docker ids of the running containers of this server. */
  containers(): Promise<string[]>
  /** Resolves when a container runs that did not before: after one was taken, its pool is full again. */
  reachRefill(): Promise<unknown>
  /** Resolves when as many containers run as did when all pools were full and no function was awake. */
  reachFullPools(): Promise<void>
}

export const docker = new Dockerode()

export async function seedImages({ cli }: LiveServer, rest: Rest, awaited: readonly Speaker[] = languages) {
  const { code, stderr } = await cli('create', 'seed-images')
  if (code !== 0) throw new Error(stderr)
  for (const language of awaited) await reachReady(rest, `/v1/image/${language}`)
}

const listContainers = async (directory: string): Promise<string[]> => {
  const instanceId = readFileSync(join(directory, 'dispatch-data', 'instance-id'), 'utf8').trim()
  const filters = { label: [`${dockerLabel('instance')}=${instanceId}`], status: ['running'] }
  return (await docker.listContainers({ filters })).map(({ Id }) => Id)
}

/** Resolves with the containers once they have not changed while the machine came to rest. */
async function reachSteady(containers: () => Promise<string[]>, atLeast: number): Promise<string[]> {
  let before = ''
  return until('the pools are full', async () => {
    await settle()
    const ids = await containers()
    const isSteady = ids.join() === before && ids.length >= atLeast
    before = ids.join()
    return isSteady && ids
  })
}

export interface BenchServerOptions extends LiveServerOptions {
  /** Those whose images are READY and whose pools are full; others may be too. */
  awaited?: readonly Speaker[]
}

export async function startBenchServer(
  scope: Scope,
  { awaited = languages, ...options }: BenchServerOptions = {},
): Promise<BenchServer> {
  const live = await startLiveServer(options)
  scope.defer(() => live.stop())
  const rest = createRest(live.url)
  scope.defer(() => rest.close())
  await seedImages(live, rest, awaited)
  const containers = () => listContainers(live.directory)
  const hasPools = !options.args?.includes('--pool-size')
  const seen = new Set(await reachSteady(containers, hasPools ? awaited.length : 0))
  const full = seen.size
  return {
    live,
    rest,
    containers,
    reachRefill: () =>
      until('the pool is refilled', async () => {
        const fresh = (await containers()).filter(id => !seen.has(id))
        for (const id of fresh) seen.add(id)
        return fresh.length > 0
      }),
    reachFullPools: async () => {
      const ids = await until('only full pools are left', async () => {
        const running = await containers()
        return running.length === full && running
      })
      for (const id of ids) seen.add(id)
    },
  }
}

/** An API for the function, and how load reaches it by the gateway. */
export async function prepareApi({ live, rest }: Pick<BenchServer, 'live' | 'rest'>, name: string): Promise<Target> {
  await rest.send('POST', '/v1/api', { name, function: name, enabled: true, uris: [`/${name}`] })
  const headers = { 'content-type': 'application/json' }
  const request = prepareRequest(`/dispatch/${name}`, headers, JSON.stringify(input))
  return { port: Number(new URL(live.gatewayUrl).port), request, contains: greeting }
}

/** Creates the function and says how load reaches it. */
export async function prepareGreeter(
  server: Pick<BenchServer, 'live' | 'rest'>,
  name: string,
  language: Speaker,
): Promise<Target> {
  await createFunction(server.rest, { name, language })
  await greet(server.rest, name)
  const body = JSON.stringify({ blocking: true, input })
  return { port: server.live.port, request: prepareRequest(runPath(name), restHeaders, body), contains: greeting }
}
