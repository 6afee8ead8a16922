/** A container of an image of others, played by HTTP servers of this process on addresses of its own. */
import { createServer, type RequestListener, type Server } from 'node:http'
import type { ExecutionContext } from 'ava'
import type { ContainerState } from '../../server/docker/port.ts'
import { createPlace, type Place } from '../../server/engine/http/place.ts'

export interface PlayedContainer {
  place: Place
  /** What answers on a port once it listens; may be changed at any time. */
  listeners: Map<number, RequestListener>
  /** How often it was started. */
  starts: number
  /** How often it was looked at. */
  looks: number
  /** Ends it, and tells so. */
  end(how?: Partial<ContainerState>): Promise<void>
  /** As `docker rm -f` by somebody else does. */
  remove(): Promise<void>
}

let addresses = 0

/** Of this machine's own, which nobody else listens on. */
function newAddress(): string {
  addresses += 1
  return `127.${100 + (process.pid % 100)}.${Math.floor(process.pid / 100) % 250}.${addresses}`
}

export interface PlayOptions {
  listeners: Record<number, RequestListener>
  hasLanguageServer?: boolean
  readyTimeoutMs?: number
  /** Ends at once whenever it is started. */
  failing?: Partial<ContainerState>
}

export function playContainer(t: Pick<ExecutionContext, 'teardown'>, options: PlayOptions): PlayedContainer {
  const { hasLanguageServer = false, readyTimeoutMs = 60_000, failing } = options
  let state: ContainerState | undefined = {
    running: false,
    exitCode: 0,
    outOfMemory: false,
    hostPort: undefined,
    address: undefined,
  }
  let servers: Server[] = []
  let starting: Promise<void> = Promise.resolve()

  async function start(): Promise<void> {
    if (!state) throw new Error('Docker could not start the container: No such container')
    played.starts += 1
    if (failing) state = { ...state, ...failing, running: false }
    if (failing) return
    const address = newAddress()
    const ports = [...played.listeners.keys()]
    servers = await Promise.all(
      ports.map(port => listen(address, port, (...args) => played.listeners.get(port)?.(...args))),
    )
    state = { ...state, running: true, outOfMemory: false, address }
  }

  async function stop(how: Partial<ContainerState>): Promise<void> {
    if (state) state = { ...state, exitCode: 137, ...how, running: false, address: undefined }
    for (const server of servers) server.closeAllConnections()
    await Promise.all(servers.map(server => new Promise(resolve => server.close(resolve))))
    servers = []
  }

  const needed = new AbortController()
  const docker = {
    inspectContainer: async () => {
      played.looks += 1
      return state
    },
    startContainer: () => {
      starting = start()
      return starting
    },
    readLog: async () => ['its last words'],
  }
  const played: PlayedContainer = {
    place: createPlace({
      docker,
      dockerId: 'played',
      hasLanguageServer,
      limits: { readyTimeoutMs },
      signal: needed.signal,
    }),
    listeners: new Map(Object.entries(options.listeners).map(([port, listener]) => [Number(port), listener])),
    starts: 0,
    looks: 0,
    end: async (how = {}) => {
      await stop(how)
      played.place.ended()
    },
    remove: async () => {
      await stop({})
      state = undefined
      played.place.ended()
    },
  }
  t.teardown(async () => {
    needed.abort(new Error('the test is over'))
    await starting.catch(() => undefined)
    await stop({})
  })
  return played
}

function listen(address: string, port: number, listener: RequestListener): Promise<Server> {
  const { promise, resolve, reject } = Promise.withResolvers<Server>()
  const server = createServer(listener)
  server.once('error', reject)
  server.listen(port, address, () => resolve(server))
  return promise
}

/** Answers with JSON. */
export const answering =
  (body: unknown, status = 200): RequestListener =>
  (_, response) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))

/** What a proxy answers for its language server. */
export const refusal = {
  context: {
    error: {
      type: 'SystemError',
      message: 'The local function server at http://127.0.0.1:9000 refused the connection',
      stacktrace: null,
    },
    logs: null,
  },
  payload: null,
}
