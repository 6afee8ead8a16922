/** Events of CloudEvents 1.0 in binary mode: attributes are headers, the data are the body. */
import { isUtf8 } from 'node:buffer'
import { dispatchError } from '../core/errors.ts'
import { compactText } from '../core/json.ts'
import type { SentBody } from '../http/operation.ts'
import { createValueReader, parseMediaType, readFirstJson } from '../http/read-body.ts'
import { cloudEventHeaders } from './cloud-event.ts'

const prefix = 'ce-'

export const isBinary = ({ headers }: SentBody): boolean =>
  headers[`${prefix}specversion`] !== undefined &&
  !headers['content-type']?.toLowerCase().startsWith('application/cloudevents')

const unquote = (value: string): string => (/^".*"$/s.test(value) ? value.slice(1, -1).replace(/\\(.)/gs, '$1') : value)

/** By the HTTP binding of CloudEvents: quotes, then one round of percent-encoded UTF-8. What is not encoded stays as it is. */
export const decodeHeader = (value: string): string =>
  unquote(value).replace(/(?:%[0-9a-f]{2})+/gi, run => Buffer.from(run.replaceAll('%', ''), 'hex').toString())

export interface EventData {
  /** undefined: there are none. */
  dataJson: string | undefined
  isBase64: boolean
}

const isJson = (type: string): boolean => /[/+]json$/.test(type)
const isText = (type: string): boolean => /^text\/|[/+]xml$|^application\/x-www-form-urlencoded$/.test(type)

/** JSON as it is, text as a string, anything else as the base64 of its bytes. */
function readData({ headers, content }: SentBody): EventData {
  if (content.length === 0) return { dataJson: undefined, isBase64: false }
  const type = headers['content-type']
  const mediaType = type === undefined ? 'text/plain' : parseMediaType(type)
  if (isJson(mediaType)) {
    const { text, value } = readFirstJson(content.toString())
    return { dataJson: compactText(text, value), isBase64: false }
  }
  const bytes = Buffer.from(content)
  const isBase64 = !(isText(mediaType) && isUtf8(bytes))
  return { dataJson: JSON.stringify(bytes.toString(isBase64 ? 'base64' : 'utf8')), isBase64 }
}

/** The attributes as in the JSON format, to be checked as those, and the data. */
export interface BinaryEvent {
  attributes: Record<string, unknown>
  data: EventData
}

export function createBinaryReader(): (sent: SentBody) => BinaryEvent {
  const checkHeaders = createValueReader(cloudEventHeaders, { place: 'header' })
  return sent => {
    const entries = Object.entries(sent.headers).flatMap(([name, value]): [string, string][] =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), decodeHeader(String(value))]] : [],
    )
    checkHeaders(Object.fromEntries(entries.map(([name, value]) => [prefix + name, value])))
    const { data, data_base64, datacontenttype: _, ...attributes } = Object.fromEntries(entries)
    if (data ?? data_base64) throw dispatchError('EVENT_INVALID', { cause: 'the data must be the body, not a header' })
    const type = sent.headers['content-type']
    return { attributes: { ...attributes, ...(type && { datacontenttype: type }) }, data: readData(sent) }
  }
}
