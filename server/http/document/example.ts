/** A request that works, for each operation: from the examples of its schemas. */
import type { Description } from './describe.ts'
import { namedPart } from './fields.ts'
import type { Schema } from './schema.ts'

export interface Example {
  method: string
  /** Path and query. */
  url: string
  headers: Record<string, string>
  body?: unknown
}

const firstOf = (schema: Schema): unknown => schema.examples?.[0]

export function exampleOf({ method, path, parameters, body, access }: Description): Example {
  const examples = parameters.flatMap(({ name, in: place, schema }) => {
    const example = firstOf(schema)
    return example === undefined ? [] : [{ name, place, text: String(example) }]
  })
  const textsIn = (place: string): Record<string, string> =>
    Object.fromEntries(examples.filter(each => each.place === place).map(({ name, text }) => [name, text]))
  const inPath = textsIn('path')
  const query = new URLSearchParams(textsIn('query')).toString()
  return {
    method,
    url: path.replace(/\{(\w+)\}/g, (_, name: string) => inPath[name] ?? name) + (query && `?${query}`),
    headers: {
      ...(access !== 'public' && { Cookie: 'cookie' }),
      ...textsIn('header'),
      ...(body && { 'Content-Type': 'application/json' }),
    },
    ...(body && { body: firstOf(namedPart(body.schema) ?? body.schema) }),
  }
}

const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

/** Where a server listens unless it is told otherwise. */
const origin = 'http://127.0.0.1:8080'

/** The example as a command for a shell. */
export function renderCurl({ method, url, headers, body }: Example): string {
  const address = /[?&*]/.test(url) ? quote(origin + url) : origin + url
  return [
    `curl ${method === 'GET' ? '' : `-X ${method} `}${address}`,
    ...Object.entries(headers).map(([name, value]) => `-H ${quote(`${name}: ${value}`)}`),
    ...(body === undefined ? [] : [`-d ${quote(JSON.stringify(body, null, 2))}`]),
  ].join(' \\\n  ')
}
