/** `get events`, `describe event` and `retry event`: what is asked for, and what is shown of the answers. */
import test from 'ava'
import { createStage } from './stage.ts'

const id = '01a20d76-6e31-7986-b2b7-4c460a224a6e'
const run = '01a20d76-7000-7986-b2b7-4c460a224a6e'
const event = `{"eventType":"user.created","cloudEventsVersion":"0.1","source":"sign-up","eventID":"1","eventTime":"2026-11-24T02:58:17.071Z","data":{"n":12345678901234567890}}`
const stored = `"id":"${id}","emittedTime":1795489097071355748,"event":${event},"counts":{"waiting":1,"delivered":2,"dead":3}`
const list = `[{${stored}}]`
const deliveries = [
  `{"subscription":"greet","state":"dead","tries":5,"reason":["FunctionError: \\u001b[2Jno"],"run":"${run}"}`,
  '{"subscription":"mail","state":"waiting","tries":1,"nextTryTime":1795489099000000000,"reason":["function mail not found"]}',
  `{"subscription":"log","state":"delivered","tries":1,"reason":null,"run":"${run}"}`,
]
const whole = `{${stored},"deliveries":[${deliveries.join()}]}`

test('a table tells of each event what became of it', async t => {
  const stage = await createStage(t, () => ({ status: 200, body: list }))
  const { stdout } = await stage.dispatch(['get', 'events'])
  const cells = stdout.split('\n').map(line => line.split('|').map(cell => cell.trim()))
  t.deepEqual(cells[0], ['ID', 'EVENT TYPE', 'SOURCE', 'EMITTED', 'WAITING', 'DELIVERED', 'DEAD'])
  t.deepEqual(cells[2], [id, 'user.created', 'sign-up', '2026-11-24T02:58:17.071355748Z', '1', '2', '3'])
  t.is(stage.asked[0]?.url, '/v1/event/emissions')
})

test('events are narrowed down by the server, in pages', async t => {
  const stage = await createStage(t, () => ({ status: 200, body: '[]' }))
  await stage.dispatch(['get', 'event', '--dead', '--type', 'a.b', '--limit', '20', '--before', id])
  t.is(stage.asked[0]?.url, `/v1/event/emissions?type=a.b&dead=true&before=${id}&limit=20`)
})

test('JSON and YAML keep every digit', async t => {
  const stage = await createStage(t, ({ url }) => ({ status: 200, body: url.endsWith(id) ? whole : list }))
  const { stdout } = await stage.dispatch(['get', 'event', id, '-o', 'json'])
  t.regex(stdout, /"emittedTime": 1795489097071355748,/)
  t.regex(stdout, /"n": 12345678901234567890\n/)
  t.regex(stdout, /"nextTryTime": 1795489099000000000,/)
  t.regex(
    (await stage.dispatch(['get', 'events', '-o', 'yaml'])).stdout,
    /^- id: .*\n {2}emittedTime: 1795489097071355748\n/,
  )
  t.false((await stage.dispatch(['get', 'events', '-o', 'json'])).stdout.includes('deliveries'))
})

test('describe tells what became of each delivery, and why', async t => {
  const stage = await createStage(t, () => ({ status: 200, body: whole }))
  const { stdout } = await stage.dispatch(['describe', 'event', id])
  t.is(
    stdout,
    `\
id: ${id}
event:
  eventType: user.created
  cloudEventsVersion: "0.1"
  source: sign-up
  eventID: "1"
  eventTime: 2026-11-24T02:58:17.071Z
  data:
    n: 12345678901234567890
emittedTime: 2026-11-24T02:58:17.071355748Z
deliveries:
  greet: "dead, 5 tries, run ${run}, FunctionError: \\e[2Jno"
  mail: waiting, 1 try, next 2026-11-24T02:58:19Z, function mail not found
  log: delivered, 1 try, run ${run}
`,
  )
  t.is(stage.asked[0]?.url, `/v1/event/emissions/${id}`)
  const unmatched = await createStage(t, () => ({ status: 200, body: `{${stored},"deliveries":[]}` }))
  t.regex(
    (await unmatched.dispatch(['describe', 'event', id])).stdout,
    /^deliveries: none, for no subscription matched it$/m,
  )
  t.true((await stage.dispatch(['describe', 'event', id, '-o', 'json'])).stdout.includes('"state": "dead"'))
})

test('retry asks for one event after the other, and stops at a refusal', async t => {
  const missing = { status: 404, body: { code: 404, message: 'event c not found' } }
  const stage = await createStage(t, ({ url }) => (url.includes('/c/') ? missing : { status: 200, body: whole }))
  t.deepEqual(await stage.dispatch(['retry', 'events', 'a', 'c', 'b']), {
    code: 1,
    stdout: 'event tried again: a\n',
    stderr: '[Code: 404] event c not found\n',
  })
  t.deepEqual(
    stage.asked.map(({ method, url }) => `${method} ${url}`),
    ['POST /v1/event/emissions/a/retry', 'POST /v1/event/emissions/c/retry'],
  )
})

test('retry --dead goes through all that are dead, page by page', async t => {
  const list = '/v1/event/emissions?type=a.b&dead=true'
  const pages: Record<string, object[]> = {
    [`${list}&limit=100`]: [{ id: 'e3' }, { id: 'e2' }],
    [`${list}&before=e2&limit=100`]: [{ id: 'e1' }],
  }
  const stage = await createStage(t, ({ method, url }) => ({
    status: 200,
    body: method === 'POST' ? whole : (pages[url] ?? []),
  }))
  const { stdout } = await stage.dispatch(['retry', 'events', '--dead', '--type', 'a.b'])
  t.is(stdout, 'event tried again: e3\nevent tried again: e2\nevent tried again: e1\n')
  const lists = stage.asked.filter(({ method }) => method === 'GET').map(({ url }) => url)
  t.deepEqual(lists, [...Object.keys(pages), `${list}&before=e1&limit=100`])
})

test('retry --dead tells a terminal that nothing is dead', async t => {
  const stage = await createStage(t, () => ({ status: 200, body: '[]' }))
  const retry = ['retry', 'events', '--dead']
  t.deepEqual(await stage.dispatch(retry), { code: 0, stdout: '', stderr: '' })
  const { stderr } = await stage.dispatch(retry, { stderrIsTerminal: true })
  t.is(stderr, 'Note: no delivery is dead, so nothing was tried again\n')
})

test('retry wants to know of which events', async t => {
  const stage = await createStage(t)
  for (const words of [[], ['--dead', id]]) {
    const { code, stderr } = await stage.dispatch(['retry', 'event', ...words])
    t.is(code, 1)
    t.regex(stderr, /^Error: name events, or all that are dead by --dead\n/)
  }
  t.is(stage.asked.length, 0)
})

test('describe without an id takes the newest, or the newest that is dead', async t => {
  const stage = await createStage(t, ({ url }) => ({ status: 200, body: url.endsWith(id) ? whole : list }))
  t.regex((await stage.dispatch(['describe', 'event', '--dead'])).stdout, new RegExp(`^id: ${id}\n`))
  t.deepEqual(
    stage.asked.map(({ url }) => url),
    ['/v1/event/emissions?dead=true&limit=1', `/v1/event/emissions/${id}`],
  )
  const empty = await createStage(t, () => ({ status: 200, body: '[]' }))
  t.like(await empty.dispatch(['describe', 'event']), { code: 1, stderr: 'there is no such event\n' })
})

test('ids of the newest events are completed', async t => {
  const stage = await createStage(t, () => ({ status: 200, body: list }))
  const { stdout } = await stage.dispatch(['__complete', '--', 'retry', 'event', '01a'])
  t.is(stdout, `${id}\n`)
  t.is(stage.asked[0]?.url, '/v1/event/emissions?limit=20')
})
