/** An answer that its function makes whole: status, headers, cookies and body. Pure. */
import type { OutgoingHttpHeaders } from 'node:http'
import { dispatchError } from '../core/errors.ts'
import type { Outcome } from '../core/execution.ts'
import { isRecord, memberText } from '../core/json.ts'
import { type Answer, renderOutcome } from './answer.ts'
import { parseHead } from './head.ts'

const refuse = (cause: string) => dispatchError('BAD_ANSWER', { cause })
const cookieHeader = 'set-cookie'
const base64 = /^[A-Za-z\d+/]*={0,2}$/

interface Body {
  body: string | Buffer
  contentType?: string
}

/** A text is sent as it is, or as the bytes that it stands for; any other value as JSON. */
function parseBody(json: string, { body, isBase64Encoded = false }: Record<string, unknown>): Body {
  if (typeof isBase64Encoded !== 'boolean') throw refuse('its isBase64Encoded is neither true nor false')
  if (isBase64Encoded) {
    if (typeof body !== 'string' || !base64.test(body)) throw refuse('its body is no base64, as isBase64Encoded says')
    return { body: Buffer.from(body, 'base64'), contentType: 'application/octet-stream' }
  }
  if (body === undefined || body === null || body === '') return { body: '' }
  if (typeof body === 'string') return { body, contentType: 'text/plain; charset=utf-8' }
  return { body: memberText(json, 'body', body) ?? '', contentType: 'application/json' }
}

/** Those among the headers, then those of the list. */
function withCookies(headers: OutgoingHttpHeaders, cookies: unknown): OutgoingHttpHeaders {
  if (cookies === undefined) return headers
  const isList = Array.isArray(cookies) && cookies.every(each => typeof each === 'string')
  if (!isList) throw refuse('its cookies are no list of texts')
  const { headers: listed } = parseHead({ headers: { [cookieHeader]: cookies } })
  const all = [headers, listed].flatMap(({ [cookieHeader]: each = [] }) => each)
  return all.length > 0 ? { ...headers, [cookieHeader]: all } : headers
}

/** DispatchError BAD_ANSWER when the output says nothing that can be sent. */
export function renderRaw(outcome: Outcome): Answer {
  if (!outcome.ok) return renderOutcome(outcome)
  const { outputJson } = outcome
  const output: unknown = JSON.parse(outputJson)
  if (!isRecord(output)) throw refuse('it is no object with statusCode, headers or body')
  const { body, contentType } = parseBody(outputJson, output)
  const { status, headers } = parseHead(output)
  const own = withCookies(headers, output.cookies)
  return { status, headers: { ...(contentType && { 'content-type': contentType }), ...own }, body }
}
