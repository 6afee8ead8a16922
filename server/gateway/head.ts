/** Status and headers that a function chooses for its answer. Pure. */
import { type OutgoingHttpHeaders, validateHeaderName, validateHeaderValue } from 'node:http'
import { dispatchError, messageOf } from '../core/errors.ts'
import { isRecord } from '../core/json.ts'

export interface Head {
  status: number
  /** Names in lower case. */
  headers: OutgoingHttpHeaders
}

/** How long the answer is and what becomes of the connection is not for a function to say. */
const ours = new Set([
  ...['connection', 'content-length', 'keep-alive', 'proxy-connection'],
  ...['te', 'trailer', 'transfer-encoding', 'upgrade'],
])

const refuse = (cause: string) => dispatchError('BAD_ANSWER', { cause })

/** Of a value that says so. DispatchError BAD_ANSWER when it cannot be sent. */
export function parseHead({ statusCode = 200, headers = {} }: Record<string, unknown>): Head {
  if (typeof statusCode !== 'number' || !Number.isInteger(statusCode) || statusCode < 200 || statusCode > 599)
    throw refuse(`its statusCode is ${JSON.stringify(statusCode)}, not one from 200 to 599`)
  if (!isRecord(headers)) throw refuse('its headers are no object')
  const parsed = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), parseHeader(name, value)] as const)
  return { status: statusCode, headers: Object.fromEntries(parsed.filter(([name]) => !ours.has(name))) }
}

function parseHeader(name: string, value: unknown): string | string[] {
  const texts = (Array.isArray(value) ? value : [value]).map(each => textOf(name, each))
  try {
    validateHeaderName(name)
    for (const text of texts) validateHeaderValue(name, text)
  } catch (thrown) {
    throw refuse(messageOf(thrown))
  }
  return Array.isArray(value) ? texts : (texts[0] ?? '')
}

function textOf(name: string, value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value)
  throw refuse(`its header ${JSON.stringify(name)} is neither a text nor a list of texts`)
}

/** What a stream begins with, if it is nothing but `statusCode`, `headers`, or both. */
export function findHead(json: string): Head | undefined {
  const value: unknown = JSON.parse(json)
  const names = isRecord(value) ? Object.keys(value) : []
  const isHead = names.length > 0 && names.every(name => name === 'statusCode' || name === 'headers')
  return isHead && isRecord(value) ? parseHead(value) : undefined
}
