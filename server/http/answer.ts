/** How answers leave: JSON in one piece, packed when it is large; anything else as it comes. */
import type { OutgoingHttpHeader, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { constants, gzip } from 'node:zlib'
import type { FastifyBaseLogger, FastifyReply } from 'fastify'
import type { DispatchError } from '../core/errors.ts'
import { closedHeaders } from './closed-headers.ts'
import type { OperationContent } from './operation.ts'

interface JsonAnswer {
  status: number
  json: string
  headers?: Record<string, OutgoingHttpHeader | undefined> | undefined
  /** The answer is given up when its reader takes nothing of it for so long. */
  stallMs?: number
}

/** Below this length packing costs more than it saves. Calls of functions seldom answer more. */
export const minPackedLength = 16 * 1024

const pack = promisify(gzip)

/** With a weight or without, but not with the weight 0. */
const wanted = /^\s*([\w-]+)\s*(?:;\s*q=(?!0(?:\.0{0,3})?\s*$)[\d.]+\s*)?$/

export const acceptsCoding = (acceptEncoding: string | undefined, coding: string): boolean =>
  acceptEncoding?.split(',').some(each => wanted.exec(each)?.[1]?.toLowerCase() === coding) === true

/** Gives the answer up when for so long nothing was taken of what is there for its reader: what is yet to come may take its time. */
export function boundReading(raw: ServerResponse, stallMs: number): void {
  // While the answer to an earlier request of the connection is being sent.
  if (raw.socket === null) raw.once('socket', () => boundReading(raw, stallMs))
  // A request that tests inject comes by no socket: nobody can be slow to read its answer.
  if (!(raw.socket instanceof Socket)) return
  raw.setTimeout(stallMs, () => {
    if (raw.writableLength > 0) raw.destroy()
  })
  // Before it is heard by Node, which then sets the time for idle connections.
  raw.prependOnceListener('finish', () => raw.setTimeout(0))
}

/**
 * Past fastify, which would add a charset that the wire format does not have; head and body leave in one piece. A header
 * that cannot be sent throws before fastify lets go of the answer, and is then told as any other error.
 */
function send(
  reply: FastifyReply,
  { status, headers, stallMs }: Omit<JsonAnswer, 'json'>,
  body: string | Buffer,
): FastifyReply {
  reply.raw.writeHead(status, {
    'x-request-id': reply.request.id,
    ...closedHeaders,
    ...headers,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  })
  if (stallMs !== undefined) boundReading(reply.raw, stallMs)
  reply.hijack().raw.end(body)
  return reply
}

async function sendLarge(reply: FastifyReply, { json, ...answer }: JsonAnswer): Promise<FastifyReply> {
  const headers = { ...answer.headers, vary: 'accept-encoding' }
  if (!acceptsCoding(reply.request.headers['accept-encoding'], 'gzip')) return send(reply, { ...answer, headers }, json)
  const packed = await pack(json, { level: constants.Z_BEST_SPEED })
  return send(reply, { ...answer, headers: { ...headers, 'content-encoding': 'gzip' } }, packed)
}

/** What is small is sent at once. */
export const sendJson = (reply: FastifyReply, answer: JsonAnswer): FastifyReply | Promise<FastifyReply> =>
  answer.json.length < minPackedLength ? send(reply, answer, answer.json) : sendLarge(reply, answer)

/** What nobody may keep: it is of this moment. */
export function sendContent(
  reply: FastifyReply,
  answer: { status: number; content: OperationContent; log: FastifyBaseLogger; stallMs: number },
): FastifyReply {
  const { status, content, log, stallMs } = answer
  boundReading(reply.raw, stallMs)
  const stream = Readable.from(content.pieces, { objectMode: false })
  // The client only sees that the answer ends too early.
  stream.on('error', thrown => {
    if (!reply.raw.destroyed)
      log.error({ reqId: reply.request.id, err: thrown }, 'an answer could not be sent to its end')
  })
  return reply.code(status).header('content-type', content.type).send(stream)
}

export const renderError = ({ code, message }: DispatchError): string => JSON.stringify({ code, message })

export function sendError(error: DispatchError, reply: FastifyReply): FastifyReply {
  const { httpStatus, retryAfterSeconds } = error
  if (retryAfterSeconds !== undefined) reply.header('retry-after', String(retryAfterSeconds))
  // Those too that fastify has set: after a body that is not read to its end the connection cannot be used again.
  return send(reply, { status: httpStatus, headers: reply.getHeaders() }, renderError(error))
}
