/** Makes an event of a request. Pure. */
import type { WebhookSettings } from './settings.ts'

export interface Received {
  /** Path and query. */
  target: string
  headers: NodeJS.Dict<string | string[]>
  body: Buffer
  /** The id of the event, unless a header has it. */
  newId: string
  time: Date
}

const maxTypeLength = 128
const maxIdLength = 128

const textOf = (value: string | string[] | undefined): string =>
  Array.isArray(value) ? (value[0] ?? '') : (value ?? '')

/** Types have letters, numbers, dots, dashes and underscores only. */
const appendToType = (type: string, word: string): string =>
  word === '' ? type : `${type}.${word.replace(/[^\w.-]/g, '-')}`.slice(0, maxTypeLength)

const isJsonType = (type: string): boolean => /^[\w.+-]+\/(?:[\w.+-]+\+)?json$/.test(type)
const isUtf8 = (body: Buffer): boolean => Buffer.from(body.toString()).equals(body)

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** The member of the event that holds the body: JSON to the letter, other text as text, anything else in base64. */
function renderData(body: Buffer, mediaType: string): string {
  if (body.length === 0) return ''
  if (!isUtf8(body)) return `,"data_base64":${JSON.stringify(body.toString('base64'))}`
  const text = body.toString()
  return `,"data":${isJsonType(mediaType) && isJson(text) ? text : JSON.stringify(text)}`
}

/** What a body that says it is JSON, but is not, is instead. */
function mediaTypeOf(contentType: string, body: Buffer): string {
  if (!isJsonType(contentType)) return contentType || 'application/octet-stream'
  return isUtf8(body) && isJson(body.toString()) ? contentType : 'text/plain'
}

/** The text of an event in CloudEvents 1.0. */
export function renderEvent({ target, headers, body, newId, time }: Received, settings: WebhookSettings): string {
  const read = (header: string): string => (header === '' ? '' : textOf(headers[header]))
  const contentType = (textOf(headers['content-type']).split(';')[0] ?? '').trim().toLowerCase()
  const mediaType = mediaTypeOf(contentType, body)
  const [path = '/', query = ''] = target.split(/\?(.*)/s)
  const attributes = {
    specversion: '1.0',
    id: read(settings.idHeader).slice(0, maxIdLength) || newId,
    source: settings.source,
    type: appendToType(settings.eventType, read(settings.typeHeader)),
    subject: path,
    ...(query !== '' && { query }),
    time: time.toISOString(),
    ...(body.length > 0 && { datacontenttype: mediaType }),
  }
  return `${JSON.stringify(attributes).slice(0, -1)}${renderData(body, mediaType)}}`
}
