/** The agent's two local sockets: who may open one is decided by its file's group and mode alone. */
import { chmod, chown, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { RefusedError, refuse, statusOf } from './refusal.ts'
import { MalformedError, readBody } from './request.ts'

export type Handler = (body: Readonly<Record<string, unknown>>) => Promise<unknown>

/** By method and path: `POST /v1/claim`. */
export type Routes = Readonly<Record<string, Handler>>

export interface SocketPlace {
  readonly path: string
  readonly groupId: number
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body)
  response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) })
  response.end(text)
}

/** Causes of our own faults go to the journal, and to nobody else. */
function describeError(thrown: unknown, onError: (thrown: unknown) => void): [status: number, body: object] {
  if (thrown instanceof RefusedError) return [statusOf(thrown.refusal), thrown.refusal]
  if (thrown instanceof MalformedError) return [400, { reason: 'malformed', message: thrown.message }]
  onError(thrown)
  const { refusal } = refuse('failed', 'the appliance failed to do it: see `journalctl -u dispatch-appliance`')
  return [500, refusal]
}

/** Of a path as it was sent: what no route has is found nowhere, whatever stands in it. */
const keyOf = ({ method = '', url = '' }: IncomingMessage): string => `${method} ${url.replace(/\?.*/s, '')}`

/** Who may ask is trusted to, but not with all of the agent's memory. */
const maxConnections = 64

export async function listenAt(
  { path, groupId }: SocketPlace,
  routes: Routes,
  onError: (thrown: unknown) => void,
): Promise<Server> {
  const server = createServer((request, response) => {
    const handle = routes[keyOf(request)]
    if (!handle) return reply(response, 404, { reason: 'not-found', message: `there is no ${keyOf(request)}` })
    readBody(request)
      .then(handle)
      .then(
        answer => reply(response, 200, answer ?? {}),
        thrown => reply(response, ...describeError(thrown, onError)),
      )
  })
  server.maxConnections = maxConnections
  await rm(path, { force: true })
  await new Promise<void>((resolve, reject) => {
    const before = process.umask(0o177)
    server.once('error', reject)
    server.listen(path, resolve)
    process.umask(before)
  })
  await chown(path, -1, groupId)
  await chmod(path, 0o660)
  return server
}
