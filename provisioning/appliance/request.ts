/** Reads what is sent to the agent's sockets: bounded, and exactly of the shapes of `control.ts`. */
import type { IncomingMessage } from 'node:http'
import type { Values } from '../firstboot/settings.ts'
import type { TypedCode } from './claims.ts'

/** Two certificates, a key and SSH keys at their longest. */
export const maxBodyBytes = 512 * 1024

/** Anything that is not as `control.ts` says. */
export class MalformedError extends Error {}

type Fields = Readonly<Record<string, unknown>>

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export async function readBody(request: IncomingMessage): Promise<Fields> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    const part = Buffer.from(chunk)
    bytes += part.length
    if (bytes <= maxBodyBytes) chunks.push(part)
  }
  // Only now: who is cut off while sending does not read why.
  if (bytes > maxBodyBytes) throw new MalformedError(`the request has more than ${maxBodyBytes} bytes`)
  if (bytes === 0) return {}
  const body = parseJson(Buffer.concat(chunks).toString())
  if (!isFields(body)) throw new MalformedError('the request is no JSON object')
  return body
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new MalformedError('the request is no JSON')
  }
}

export function valuesIn({ values = {} }: Fields): Values {
  if (!isFields(values)) throw new MalformedError('values is no object')
  const entries = Object.entries(values).map(([key, value]) => {
    if (typeof value !== 'string') throw new MalformedError(`values: ${key} is no text`)
    return [key, value] as const
  })
  return Object.fromEntries(entries)
}

const maxPeerLength = 64

/** A missing code is a wrong one; those who are not told apart are one. */
export const typedCodeIn = ({ code, from }: Fields): TypedCode => ({
  code: typeof code === 'string' ? code : '',
  from: typeof from === 'string' ? from.slice(0, maxPeerLength) : '',
})

export function truthIn(fields: Fields, key: string): boolean {
  const value = fields[key]
  if (typeof value !== 'boolean') throw new MalformedError(`${key} is neither true nor false`)
  return value
}
