/** How answers leave: with the headers that they need, also when something is wrong with them. */
import test from 'ava'
import { pino } from 'pino'
import type { AuditEntry } from '../../../../server/core/audit.ts'
import { createApi } from '../../../../server/http/server.ts'
import { openGate } from '../../../../server/iam/open-gate.ts'

async function* failing() {
  yield 'one'
  throw new Error('the disk is gone')
}

const open = (headers: Record<string, string>) => {
  const lines: string[] = []
  const audited: AuditEntry[] = []
  const audit = {
    check: () => undefined,
    write: async (entry: AuditEntry) => void audited.push(entry),
    count: (entry: AuditEntry) => void audited.push(entry),
  }
  const app = createApi({
    gate: openGate,
    operations: [
      {
        id: 'echo',
        method: 'POST',
        path: '/v1/echo',
        group: '',
        summary: 'Echo',
        answers: {},
        access: 'public',
        handle: async ({ bodyText }) => ({ status: 200, json: bodyText, headers }),
      },
      {
        id: 'stream',
        method: 'GET',
        path: '/v1/stream',
        group: '',
        summary: 'Stream',
        answers: {},
        access: 'public',
        handle: async () => ({ status: 200, content: { type: 'text/plain', pieces: failing() } }),
      },
    ],
    logger: pino({}, { write: line => void lines.push(line) }),
    maxBodyBytes: 100,
    startId: 'start',
    audit,
  })
  const send = (payload: string) =>
    app.inject({ method: 'POST', url: '/v1/echo', headers: { 'content-type': 'application/json' }, payload })
  return { app, lines, audited, send }
}

test('an answer has the headers of its operation beside those of all', async t => {
  const { headers, body } = await open({ link: '<next>' }).send('{"a":1.0}')
  t.is(body, '{"a":1.0}')
  t.is(headers['content-type'], 'application/json')
  t.is(headers['content-length'], '9')
  t.is(headers.link, '<next>')
  t.truthy(headers['x-request-id'])
})

test('after a body that is too large, and not read to its end, the connection is closed', async t => {
  const { statusCode, headers } = await open({}).send(JSON.stringify('x'.repeat(200)))
  t.is(statusCode, 413)
  t.is(headers.connection, 'close')
  t.truthy(headers['x-request-id'])
})

test('a header that cannot be sent is an error of ours, answered and logged', async t => {
  const { send, lines } = open({ link: 'two\nlines' })
  const { statusCode, json } = await send('1')
  t.is(statusCode, 500)
  t.regex(json().message, /internal|unexpected/i)
  t.true(lines.some(line => line.includes('Invalid character in header content')))
})

test('a request is told once, as what was done, also when its answer then cannot be sent', async t => {
  const { send, audited } = open({ link: 'two\nlines' })
  t.is((await send('1')).statusCode, 500)
  t.deepEqual(
    audited.map(({ operation, status }) => [operation, status]),
    [['echo', 200]],
  )
})

test('an answer that ends too early is cut for the client, and logged with its cause', async t => {
  const { app, lines } = open({})
  await t.throwsAsync(app.inject({ method: 'GET', url: '/v1/stream', headers: { 'x-dispatch-org': 'o' } }))
  t.true(lines.some(line => line.includes('the disk is gone')))
})
