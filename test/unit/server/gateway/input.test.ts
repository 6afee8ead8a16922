/** From a request to the input of its function, by method, content type and body. */
import test from 'ava'
import { type InputSource, readInput } from '../../../../server/gateway/input.ts'

const read = async (fields: Omit<Partial<InputSource>, 'body'> & { body?: string | Buffer }): Promise<string> =>
  readInput({ method: 'POST', query: '', contentType: undefined, ...fields, body: Buffer.from(fields.body ?? '') })

const form = 'application/x-www-form-urlencoded'
const part = (head: string, body: string): string => `--b\r\nContent-Disposition: form-data; ${head}\r\n\r\n${body}\r\n`
const multipart = `${part('name="name"', 'b')}${part('name="f"; filename="x"', 'file')}${part('name="name"', 'ä')}--b--\r\n`

for (const [title, source, expected] of [
  ['GET without a query', { method: 'GET' }, '{}'],
  [
    'GET: one value is a text, several are a list',
    { method: 'GET', query: 'a=1&b=2&a=%203+4' },
    '{"a":["1"," 3 4"],"b":"2"}',
  ],
  [
    'GET: names that objects have already',
    { method: 'GET', query: '__proto__=1&constructor' },
    '{"__proto__":"1","constructor":""}',
  ],
  ['GET: a body is ignored', { method: 'GET', contentType: 'text/x', body: 'x' }, '{}'],
  ['no body: the query is no input', { query: 'a=1', contentType: 'text/x' }, '{}'],
  [
    'a form: body before query',
    { query: 'name=q', contentType: form, body: 'name=b&name=c' },
    '{"name":["b","c","q"]}',
  ],
  [
    'a form of parts: files are left out',
    { query: 'name=q', contentType: 'multipart/form-data; boundary=b', body: multipart },
    '{"name":["b","ä","q"]}',
  ],
  [
    'JSON as it is written',
    { contentType: 'application/json', body: ' {"n": 1.0, "big": 12345678901234567890}\n' },
    ' {"n": 1.0, "big": 12345678901234567890}\n',
  ],
  ['JSON with parameters', { contentType: 'Application/JSON; charset=utf-8', body: 'null' }, 'null'],
  ['JSON of a kind', { contentType: 'application/problem+json', body: '[]' }, '[]'],
  [
    'the first type of a list that is known',
    { contentType: 'text/plain, "a,b", application/json , multipart/form-data', body: '1' },
    '1',
  ],
  ['bytes of no type', { body: 'hello' }, '"aGVsbG8="'],
] as const) {
  test(title, async t => {
    t.is(await read(source), expected)
  })
}

for (const [title, source, message] of [
  ['no JSON', { contentType: 'application/json', body: 'not json' }, 'request body is not json'],
  ['JSON, then garbage', { contentType: 'application/json', body: '{} x' }, 'request body is not json'],
  [
    'JSON too deep to handle',
    { contentType: 'application/json', body: '['.repeat(5000) + ']'.repeat(5000) },
    'request body is not json',
  ],
  [
    'a type that no function gets',
    { contentType: 'text/Plain; a=b', body: 'x' },
    'request body type is not supported: text/Plain; a=b',
  ],
  ['an empty type', { contentType: '', body: 'x' }, 'request body type is not supported: '],
  [
    'a query of very many fields',
    { method: 'GET', query: 'a&'.repeat(10_000) },
    /^the query or the form has more than/,
  ],
  [
    'a form of very many fields',
    { contentType: form, body: 'a&'.repeat(10_000) },
    /^the query or the form has more than/,
  ],
  [
    'very many parts',
    { contentType: 'multipart/form-data; boundary=b', body: `${part('name="a"', '').repeat(10_001)}--b--` },
    /it has more than 10000 parts$/,
  ],
  [
    'parts without an end',
    { contentType: 'multipart/form-data; boundary=b', body: part('name="a"', 'x') },
    /it lacks the last boundary$/,
  ],
  [
    'a part without an end of its headers',
    { contentType: 'multipart/form-data; boundary=b', body: '--b\r\nx\r\n--b--' },
    /no end of headers$/,
  ],
  ['no parts', { contentType: 'multipart/form-data; boundary=b', body: 'x' }, /^request body is not a form: ./],
  [
    'parts without a boundary',
    { contentType: 'multipart/form-data', body: multipart },
    /^request body is not a form: ./,
  ],
] as const) {
  test(`refused: ${title}`, async t => {
    const error = await t.throwsAsync(read(source), { message })
    t.like(error, { httpStatus: 400 })
  })
}
