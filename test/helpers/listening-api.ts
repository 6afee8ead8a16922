/** The API on a real port, with one operation and short times, and clients that send it bytes. */

import { connect } from 'node:net'
import { buffer } from 'node:stream/consumers'
import type { ExecutionContext } from 'ava'
import { pino } from 'pino'
import { type Operation, type OperationReply, operation } from '../../server/http/operation.ts'
import { type ApiOptions, createApi } from '../../server/http/server.ts'
import { openGate } from '../../server/iam/open-gate.ts'

export const limits = { maxHeaderBytes: 8192, arrivalMs: 300, checkMs: 50, stallMs: 300, idleMs: 60_000 }

const routes = (handle: () => Promise<OperationReply>): Operation[] =>
  (['GET', 'POST'] as const).map(method =>
    operation({ id: method, group: '', method, path: '/v1/function', summary: '', answers: {}, handle }),
  )

interface Given {
  handle?: () => Promise<OperationReply>
  options?: Partial<ApiOptions>
}

export async function listen(
  t: ExecutionContext,
  { handle = async () => ({ status: 200, json: '1' }), options }: Given = {},
) {
  const lines: string[] = []
  const app = createApi({
    operations: routes(handle),
    gate: openGate,
    logger: pino({}, { write: line => void lines.push(line) }),
    maxBodyBytes: 1000,
    startId: 'start',
    limits,
    ...options,
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  t.teardown(async () => {
    app.server.closeAllConnections()
    await app.close()
  })
  const address = app.server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  /** Sends the bytes; `answer` is all that comes back until the connection ends. */
  const open = (bytes: string) => {
    const socket = connect({ host: '127.0.0.1', port })
    socket.on('error', () => undefined)
    socket.write(bytes)
    const received = buffer(socket).catch(() => Buffer.alloc(0))
    return { socket, received, answer: received.then(String) }
  }
  return { app, port, lines, open }
}

/** Of a request. */
export const head = (line: string, ...headers: string[]): string =>
  [line, 'Host: h', 'Cookie: c', 'X-Dispatch-Org: o', ...headers, '', ''].join('\r\n')
export const closing = 'Connection: close'
