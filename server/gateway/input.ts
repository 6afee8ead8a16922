/** What a function gets as its input: JSON made from the query or the body of a request. Pure. */
import { dispatchError, messageOf } from '../core/errors.ts'
import { parseFirstJson } from '../http/body.ts'
import { parseMultipart } from './multipart.ts'

export interface InputSource {
  method: string
  /** As sent, without `?`. */
  query: string
  contentType: string | undefined
  body: Buffer
}

type Pairs = Iterable<readonly [string, string]>
type Read = (source: InputSource, type: string) => string

/** A name that comes once has a text, one that comes several times has them all. */
function renderPairs(pairs: Pairs): string {
  const values = new Map<string, string[]>()
  for (const [name, value] of pairs) {
    const known = values.get(name)
    if (known) known.push(value)
    else values.set(name, [value])
  }
  // Defines each name as its own, `__proto__` too.
  return JSON.stringify(Object.fromEntries([...values].map(([name, all]) => [name, all.length === 1 ? all[0] : all])))
}

/** Each costs many times the bytes that it is sent in. */
const maxFields = 10_000

function parsePairs(text: string): URLSearchParams {
  let count = 0
  for (let place = text.indexOf('&'); place >= 0; place = text.indexOf('&', place + 1)) {
    count += 1
    if (count >= maxFields) throw dispatchError('TOO_MANY_FIELDS', { limit: String(maxFields) })
  }
  return new URLSearchParams(text)
}

/** The text itself goes on, so that numbers keep their literal form. */
const readJson: Read = ({ body }) => {
  const text = body.toString()
  try {
    if (parseFirstJson(text).text.length === text.length) return text
  } catch {
    // Told below, as is garbage after the value.
  }
  throw dispatchError('BODY_NOT_JSON', {})
}

const readForm: Read = ({ body, query }) => renderPairs([...parsePairs(body.toString()), ...parsePairs(query)])

const readMultipart: Read = ({ body, query }, type) => {
  const more = parsePairs(query)
  try {
    return renderPairs([...parseMultipart(body, type, maxFields), ...more])
  } catch (thrown) {
    throw dispatchError('BODY_NOT_FORM', { cause: messageOf(thrown) })
  }
}

const readers: readonly (readonly [RegExp, Read])[] = [
  [/^application\/(?:[^\s/]+\+)?json$/, readJson],
  [/^application\/x-www-form-urlencoded$/, readForm],
  [/^multipart\/form-data$/, readMultipart],
]

/** A header may list several types; commas in quotes do not part them. */
const typesIn = (header: string): string[] => header.match(/(?:[^,"]|"(?:\\.|[^"\\])*"?)+/g) ?? []

const readerOf = (type: string): Read | undefined => {
  const name = type.split(';', 1)[0]?.trim().toLowerCase() ?? ''
  return readers.find(([pattern]) => pattern.test(name))?.[1]
}

/** JSON text; DispatchError BODY_NOT_JSON, BODY_NOT_FORM or BODY_TYPE_UNSUPPORTED. */
export function readInput(source: InputSource): string {
  const { method, query, contentType, body } = source
  if (method === 'GET') return query === '' ? '{}' : renderPairs(parsePairs(query))
  if (body.length === 0) return '{}'
  if (contentType === undefined) return JSON.stringify(body.toString('base64'))
  for (const type of typesIn(contentType)) {
    const read = readerOf(type)
    if (read) return read(source, type.trim())
  }
  throw dispatchError('BODY_TYPE_UNSUPPORTED', { type: contentType })
}
