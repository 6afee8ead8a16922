/** Makes requests that no client should send, over all operations: seeded, so that the same ones come each time. */
import type { TSchema } from '@sinclair/typebox'
import fc from 'fast-check'
import type { Operation } from '../../server/http/operation.ts'

export interface BadRequest {
  method: string
  url: string
  headers: Record<string, string>
  payload?: string | Buffer
}

/** Most of a request is as it should be: one that is refused at once proves little. */
const mostly = <T>(good: T, ...bad: T[]): fc.Arbitrary<T> =>
  fc.oneof({ weight: 12, arbitrary: fc.constant(good) }, { weight: 1, arbitrary: fc.constantFrom(...bad) })

/** Few names, so that what is made is met again, and odd ones. */
const names = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('fn', 'a', 'b') },
  fc.constantFrom('fn', 'a', 'b', '-', '', '..', '__proto__', 'constructor', 'ä', '😀', 'a b', 'a/b', 'x'.repeat(3000)),
  fc.constantFrom('01a20d76-6e31-7986-b2b7-4c460a224a6e', '00000000-0000-0000-0000-000000000000'),
  fc.string({ unit: 'binary', maxLength: 10 }),
)
const segments = fc.oneof(
  { weight: 9, arbitrary: names.map(encodeURIComponentOf) },
  { weight: 1, arbitrary: fc.constantFrom('%', '%zz', '%ff', '%00', '%2e%2e%2f', ';', '{', '"', '%c3%28', '\u00e9') },
)

/** A text with half a character has no encoding. */
function encodeURIComponentOf(text: string): string {
  return encodeURIComponent(text.toWellFormed())
}

const numbers = fc.constantFrom(-1, 0, -0, 1.5, 1e300, 2 ** 53, -(2 ** 63), 5e-324, 1e21)
/** JSON texts, for what JSON.stringify would not write. */
const odd = fc.oneof(
  fc.constantFrom(
    '1e999',
    '-1e999',
    '12345678901234567890123456789',
    '"\\ud800"',
    '"\\u0000"',
    '{"__proto__":{"x":1}}',
  ),
  fc.constantFrom(
    '[[[[[[[[[[]]]]]]]]]]',
    `${'['.repeat(2000)}${']'.repeat(2000)}`,
    '{"a":1,"a":2,"A":3}',
    '"😀"',
    '[null]',
  ),
  fc
    .oneof(fc.constantFrom(null, '', true, {}, [], [[]]), numbers, fc.string({ unit: 'binary' }), fc.jsonValue())
    .map(value => JSON.stringify(value)),
)

const keyOf = (schema: TSchema | undefined): string[] =>
  Object.keys(schema?.properties ?? schema?.items?.properties ?? {})

/**
 * Subscriptions are to types that nobody emits: an event that is waited for is refused as a fault of ours until events
 * are delivered.
 */
const unmet = (operation: Operation, members: [string, string][]): [string, string][] =>
  operation.path.includes('/subscriptions')
    ? members.map(([key, text]) => [key, /^eventtype$/i.test(key) && text.startsWith('"') ? '"only.subscribed"' : text])
    : members

const renderMembers = (members: [string, string][]): string =>
  `{${members.map(([key, text]) => `${JSON.stringify(key)}:${text}`).join()}}`

function bodiesOf(operation: Operation): fc.Arbitrary<string | Buffer> {
  const { bodySchema } = operation
  const example: object = bodySchema?.examples?.[0] ?? bodySchema?.items?.examples?.[0] ?? { a: 1 }
  const valid = Object.entries(example).map(([key, value]): [string, string] => [key, JSON.stringify(value)])
  const known = [
    ...keyOf(bodySchema),
    ...keyOf(bodySchema).map(key => key.toUpperCase()),
    '__proto__',
    'constructor',
    'other',
  ]
  const changes = fc.array(fc.tuple(fc.constantFrom(...known), odd), { maxLength: 3 })
  const named = fc.option(
    names.map(name => ['name', JSON.stringify(name)] as [string, string]),
    { nil: undefined },
  )
  // A key that comes twice stands twice in the text.
  const changed = fc
    .tuple(changes, named, fc.boolean())
    .map(([more, name, isFirst]) => [
      ...(isFirst ? more : []),
      ...valid,
      ...(name ? [name] : []),
      ...(isFirst ? [] : more),
    ])
    .map(members => renderMembers(unmet(operation, members)))
  const broken = fc.tuple(changed, fc.nat(400)).map(([text, length]) => text.slice(0, length))
  const trailed = fc.tuple(changed, fc.constantFrom('}', ' x', '\u0000', ',{}')).map(parts => parts.join(''))
  const bytes = fc.uint8Array({ maxLength: 100 }).map(array => Buffer.from(array))
  const huge = fc.constantFrom('x'.repeat(200_000), `"${'x'.repeat(200_000)}"`, `[${'1,'.repeat(60_000)}1]`)
  return fc.oneof(
    { weight: 60, arbitrary: changed },
    { weight: 20, arbitrary: broken },
    { weight: 10, arbitrary: trailed },
    { weight: 20, arbitrary: operation.path.includes('/subscriptions') ? broken : odd },
    { weight: 10, arbitrary: bytes },
    { weight: 1, arbitrary: huge },
  ) as fc.Arbitrary<string | Buffer>
}

const contentTypes = mostly(
  'application/json',
  ...['application/json; charset=utf-8', 'APPLICATION/JSON', '', 'text/plain', 'json', 'application/json;;;'],
  ...['multipart/form-data', '\u00ff/\u00ff', 'application/json, text/html'],
)
const headers = fc.record(
  {
    cookie: mostly('cookie', '', '\u00e9'),
    'x-dispatch-org': mostly('dispatch', '', '\u00e9', 'a,b', '__proto__', '/', 'x'.repeat(5000)),
    authorization: fc.constantFrom('', 'Bearer', 'Bearer x', 'Bearer  ', 'Basic ='),
    accept: fc.constantFrom('*/*', 'text/html', '', 'q=;;'),
    'accept-encoding': fc.constantFrom('', 'gzip', 'gzip;q=x', ',,,'),
    expect: fc.constantFrom('', '200-ok'),
    'content-encoding': fc.constantFrom('gzip', 'br'),
  },
  { requiredKeys: ['cookie', 'x-dispatch-org'] },
)

/** To follow what a function prints never ends. */
const values = fc
  .oneof(names, odd, fc.constantFrom('-1', '1', '1e9', '9'.repeat(19), '9'.repeat(40)))
  .filter(text => text !== 'true')

function queriesOf({ querySchema }: Operation): fc.Arbitrary<string> {
  const keys = fc.oneof(fc.constantFrom(...keyOf(querySchema), 'tags', 'functionName', '__proto__', 'a[]', ''), names)
  const pair = fc
    .tuple(keys, values)
    .map(([key, value]) => `${encodeURIComponentOf(key)}=${encodeURIComponentOf(value)}`)
  return fc.oneof(
    fc.constant(''),
    fc.array(pair, { maxLength: 3 }).map(pairs => `?${pairs.join('&')}`),
    fc.constantFrom('?', '?&&', '?=', '?%', '?%zz=1'),
  )
}

const methods = fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS')

function pathsOf({ path }: Operation): fc.Arbitrary<string> {
  const filled = fc.infiniteStream(segments).map(stream => path.replace(/\{\w+\}/g, () => String(stream.next().value)))
  const ends = mostly('', '/', '//', '/..', '/x/y', '%2f', '#')
  return fc.tuple(filled, ends).map(parts => parts.join(''))
}

export function badRequestsOf(operation: Operation): fc.Arbitrary<BadRequest> {
  const method = fc.oneof(
    { weight: 9, arbitrary: fc.constant<string>(operation.method) },
    { weight: 1, arbitrary: methods },
  )
  const payload = operation.bodySchema
    ? fc.option(bodiesOf(operation), { nil: undefined, freq: 8 })
    : fc.option(odd, { nil: undefined, freq: 1 })
  return fc
    .tuple(method, pathsOf(operation), queriesOf(operation), headers, contentTypes, payload)
    .map(([verb, path, query, sent, type, body]) => ({
      method: verb,
      url: path + query,
      headers: { ...sent, ...(body !== undefined && type !== '' && { 'content-type': type }) },
      ...(body !== undefined && { payload: body }),
    }))
}
