/** What a container answers becomes the end of a call, in the original's words where the container is at fault. */
import test from 'ava'
import { isBroken, isRefused, parseExchange } from '../../../../../server/engine/http/answer.ts'

const limits = { outputBytes: 1000, logBytes: 20 }
const url = 'http://10.0.0.2:8080/'
const parse = (body: unknown, status = 200) => {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return parseExchange({ kind: 'answer', status, body: Buffer.from(text) }, url, limits)
}
const textsOf = (end: ReturnType<typeof parse>) => end.logs.map(String)

test('the payload is the output, with its numbers as they were written', t => {
  const end = parse('{"context":{"logs":null},"payload":{"n": 12345678901234567890.10}}')
  t.is(String(end.output), '{"n":12345678901234567890.10}')
  t.is(end.error, undefined)
})

test('no payload is null', t => {
  t.is(String(parse({ context: {} }).output), 'null')
  t.is(String(parse({ payload: null }).output), 'null')
})

test('an error is passed on with its type, message, stack and lines', t => {
  const error = { type: 'InputError', message: 'not like this', stacktrace: ['a', 'b'] }
  const end = parse({ context: { error, logs: { stdout: ['1', ''], stderr: ['2'] } }, payload: 7 })
  t.deepEqual(end.error, { ...error, type: 'InputError' })
  t.deepEqual(textsOf(end), ['1\n\n', '2\n'])
  t.is(String(end.output), '')
})

test('an error of no known form is one of the function', t => {
  t.deepEqual(parse({ context: { error: { type: 'Odd', message: 3 } } }).error, {
    type: 'FunctionError',
    message: '{"type":"Odd","message":3}',
    stacktrace: null,
  })
  t.is(parse({ context: { error: 'text' } }).error?.message, '"text"')
})

test('of an error without measure the beginning is told', t => {
  const long = 'x'.repeat(200_000)
  const errorOf = (error: unknown) => parse({ context: { error } }).error
  const error = errorOf({ type: 'InputError', message: long, stacktrace: [long, long, long] })
  t.is(error?.message.length, 64 * 1024)
  t.deepEqual(
    error?.stacktrace?.map(line => line.length),
    [200_000, 256 * 1024 - 200_000],
  )
  t.is(errorOf({ message: '', stacktrace: Array.from({ length: 1000 }, () => 'x') })?.stacktrace?.length, 64)
  t.is(errorOf([long])?.message.length, 64 * 1024)
})

test('lines beyond the limit are left out, and whoever reads them sees that', t => {
  const [stdout = ''] = textsOf(parse({ context: { logs: { stdout: ['0123456789', '0123456789'], stderr: 5 } } }))
  t.is(stdout.length, 21)
})

for (const [fault, body, status, message] of [
  ['another status', 'gone', 502, 'Server returned unexpected status code: 502 - gone'],
  ['a redirection', '', 302, 'Server returned unexpected status code: 302 - '],
  ['no JSON', '<html>', 200, /^cannot JSON-parse result from function container: .* <html>$/],
  ['no object', '[1]', 200, 'cannot JSON-parse result from function container: it is no object [1]'],
  ['nothing', '', 200, /^cannot JSON-parse result from function container: .* $/],
  ['JSON that is nested too deep', '['.repeat(5000), 200, /nested more than 1000 levels deep/],
] as const) {
  test(`an answer that is none is ours: ${fault}`, t => {
    const { error } = parse(body, status)
    t.is(error?.type, 'SystemError')
    if (typeof message === 'string') t.is(error?.message, message)
    else t.regex(error?.message ?? '', message)
  })
}

test('of a long answer that is none the beginning is told', t => {
  t.true((parse('x'.repeat(100_000), 500).error?.message.length ?? 0) < 1200)
})

test('what is beside the payload is bounded before it is parsed', t => {
  const end = parse({ context: { logs: { stdout: ['x'.repeat(2 ** 21)] } }, payload: 1 })
  t.is(end.error?.type, 'FunctionError')
  t.is(end.error?.message, 'Unable to serialize response payload: what is beside the payload is longer than it may be')
})

test('an output over the limit is told with both numbers, and keeps its lines', t => {
  const end = parse({ context: { logs: { stdout: ['said'] } }, payload: 'x'.repeat(999) })
  t.is(end.error?.type, 'FunctionError')
  t.is(end.error?.message, 'Unable to serialize response payload: 1001 bytes exceed the limit of 1000 bytes')
  t.deepEqual(textsOf(end), ['said\n', ''])
})

test('a connection that fails is told with its address', t => {
  const end = parseExchange({ kind: 'failed', cause: 'socket hang up' }, url, limits)
  t.is(end.error?.message, `request to function container on ${url} failed: socket hang up`)
})

test('a proxy without its language server is known by its words, and only when it says them itself', t => {
  const said = (type: string, message: string) => parse({ context: { error: { type, message } } })
  const refused = 'The local function server at http://127.0.0.1:9000 refused the connection'
  t.true(isRefused(said('SystemError', refused)))
  t.false(isRefused(said('FunctionError', refused)))
  t.false(isRefused(said('SystemError', `x ${refused}`)))
  t.true(isBroken(said('SystemError', 'Unknown system error: EOF')))
  t.false(isBroken(said('FunctionError', 'Unknown system error: EOF')))
  t.false(isBroken(parse({ payload: 'Unknown system error' })))
})
