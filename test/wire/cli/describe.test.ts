/** `describe`: everything about an object, gathered from all that name it. */
import test from 'ava'
import { type Answer, type Asked, createStage } from './stage.ts'

const missing = (message: string): Answer => ({ status: 404, body: { code: 404, message } })
const run = (name: string, status: string, message = '') =>
  `{"name":"${name}","status":"${status}","finishedTime":1795489082045472311,"error":{"type":"FunctionError","message":"${message}"}}`

const world: Readonly<Record<string, unknown>> = {
  '/v1/function/hello': {
    ...{
      name: 'hello',
      kind: 'Function',
      status: 'ERROR',
      reason: ['no such image', 'really'],
      createdTime: 1795489079,
    },
    ...{ image: 'gone', handler: '', schema: { in: null, out: null }, secrets: ['mail'], services: null, tags: null },
  },
  '/v1/secret/mail': { name: 'mail', kind: 'Secret', secrets: { password: 'OpenSesame' } },
  '/v1/image': [{ name: 'python3', baseImageName: 'python3-base', status: 'READY' }],
  '/v1/function': [
    { name: 'hello', image: 'gone', secrets: ['mail'], status: 'ERROR' },
    { name: 'other', image: 'python3', secrets: null, status: 'READY' },
  ],
  '/v1/api': [
    { name: 'hello-api', function: 'hello', status: 'READY' },
    { name: 'other-api', function: 'other' },
  ],
  '/v1/event/subscriptions': [{ name: 'sub1', function: 'hello', status: 'READY', secrets: ['mail', 'other'] }],
  '/v1/event/drivers': [{ name: 'tick', type: 'ticker', status: 'READY', secrets: ['mail'] }],
}
const objectAt = (path: string): object => ({ ...Object(world[path]) })
const runs = `[${run('r3', 'ERROR', 'third\\u001b[2J')},${run('r2', 'READY')},${run('r1', 'ERROR', 'first')}]`

function answer({ url }: Asked): Answer {
  const [path = ''] = url.split('?')
  if (path === '/v1/runs') return { status: 200, body: runs }
  return path in world ? { status: 200, body: world[path] } : missing(`${path} not found`)
}

test('a function: its state first, what it uses and whether that is there, who calls it, its last errors', async t => {
  const stage = await createStage(t, answer)
  const outcome = await stage.dispatch(['describe', 'function', 'hello'])
  t.deepEqual(outcome, {
    code: 0,
    stdout: `\
name: hello
kind: Function
status: ERROR
reason:
- no such image
- really
createdTime: Tue Nov 24 02:57:59 UTC 2026
image: gone
secrets:
- mail
uses:
- Image gone (not there)
- Secret mail (READY)
usedBy:
- API hello-api (READY)
- Subscription sub1 (READY)
lastErrors:
- "2026-11-24T02:58:02.045472311Z run r3, FunctionError: third\\e[2J"
- "2026-11-24T02:58:02.045472311Z run r1, FunctionError: first"
`,
    stderr: '',
  })
  t.true(stage.asked.some(({ url }) => url === '/v1/runs?functionName=hello&since=-62135596800&limit=100'))
})

test('a function in ERROR whose version before goes on answering says so', async t => {
  const activeFaasId = 'aa424ac8-c91e-438a-9566-3e99afc236da'
  const failed = { ...objectAt('/v1/function/hello'), activeFaasId }
  const stage = await createStage(t, asked =>
    asked.url === '/v1/function/hello' ? { status: 200, body: failed } : answer(asked),
  )
  const { stdout } = await stage.dispatch(['describe', 'function', 'hello'])
  t.regex(
    stdout,
    /^activeFaasId: aa424ac8-c91e-438a-9566-3e99afc236da \(the version before, which goes on answering\)$/m,
  )
  const told = JSON.parse((await stage.dispatch(['describe', 'function', 'hello', '-o', 'json'])).stdout)
  t.is(told.activeFaasId, activeFaasId)
})

test('a subscription: what waits for it and why, and what is dead, where the server tells', async t => {
  const subscription = { name: 'sub1', kind: 'Subscription', status: 'ERROR', eventType: 'a.b', function: 'gone' }
  const backlog = { waiting: 3, dead: 1, reason: ['function gone not found'] }
  const answers: Record<string, unknown> = {
    '/v1/event/subscriptions/sub1': subscription,
    '/v1/event/subscriptions/sub1/backlog': backlog,
  }
  const stage = await createStage(t, asked =>
    asked.url in answers ? { status: 200, body: answers[asked.url] } : answer(asked),
  )
  t.is(
    (await stage.dispatch(['describe', 'subscription', 'sub1'])).stdout,
    `\
name: sub1
kind: Subscription
status: ERROR
eventType: a.b
function: gone
deliveries:
  waiting: 3
  dead: 1
  reason:
  - function gone not found
uses:
- Function gone (not there)
`,
  )
  delete answers['/v1/event/subscriptions/sub1/backlog']
  t.false((await stage.dispatch(['describe', 'subscription', 'sub1'])).stdout.includes('deliveries'))
})

test('a secret: all that get it; its values are never told', async t => {
  const stage = await createStage(t, answer)
  const { stdout } = await stage.dispatch(['describe', 'secret', 'mail'])
  t.true(
    stdout.endsWith(`\
secrets:
  password: <hidden>
usedBy:
- Function hello (ERROR)
- Subscription sub1 (READY)
- Driver tick (READY)
`),
  )
  for (const form of ['json', 'yaml'])
    t.notRegex((await stage.dispatch(['describe', 'secret', 'mail', '-o', form])).stdout, /OpenSesame/)
})

test('an image that is gone: the functions on it all the same, and exit code 1', async t => {
  const stage = await createStage(t, answer)
  t.deepEqual(await stage.dispatch(['describe', 'image', 'gone']), {
    code: 1,
    stdout: 'name: gone\nkind: Image\nstatus: not there\nusedBy:\n- Function hello (ERROR)\n',
    stderr: '[Code: 404] image gone not found\n',
  })
  const unknown = await stage.dispatch(['describe', 'image', 'never'])
  t.deepEqual(unknown, { code: 1, stdout: '', stderr: '[Code: 404] image never not found\n' })
})

test('-o json: the whole object, and neighbours and errors as objects', async t => {
  const stage = await createStage(t, answer)
  const described = JSON.parse((await stage.dispatch(['describe', 'function', 'hello', '-o', 'json'])).stdout)
  t.is(described.createdTime, 1795489079)
  t.deepEqual(described.uses[0], { kind: 'Image', name: 'gone', status: 'not there' })
  t.is(described.lastErrors[1].message, 'first')
})

test('what the server does not list is said to be unknown', async t => {
  const stage = await createStage(t, asked =>
    asked.url.startsWith('/v1/event/')
      ? { status: 501, body: { code: 501, message: 'not implemented' } }
      : answer(asked),
  )
  const { code, stdout, stderr } = await stage.dispatch(['describe', 'secret', 'mail'])
  t.is(code, 0)
  t.regex(stdout, /- Function hello/)
  t.is(
    stderr,
    'which subscriptions use it cannot be told: [Code: 501] not implemented\nwhich event drivers use it cannot be told: [Code: 501] not implemented\n',
  )
})

test('an image: how its last build went, and the end of what it printed', async t => {
  const line = (number: number) =>
    `data: {"build":"b","stream":"stdout","number":${number},"line":"line ${number}","time":1}\n\n`
  const lines = Array.from({ length: 12 }, (_, index) => line(index + 1)).join('')
  const end = 'event: end\ndata: {"build":"b","status":"ERROR","reason":["no"],"time":1795489082045472311}\n\n'
  const stage = await createStage(t, ({ url }) => {
    if (url === '/v1/image/web')
      return { status: 200, body: { name: 'web', kind: 'Image', status: 'ERROR', baseImageName: 'b' } }
    if (url === '/v1/image/web/logs')
      return { status: 200, body: lines + end, headers: { 'Content-Type': 'text/event-stream' } }
    return url.startsWith('/v1/baseimage/')
      ? { status: 200, body: { name: 'b', status: 'READY' } }
      : { status: 200, body: [] }
  })
  const { stdout } = await stage.dispatch(['describe', 'image', 'web'])
  t.regex(stdout, /\nlastBuild:\n {2}status: ERROR\n {2}finishedTime: 2026-11-24T\S+\n {2}lastLines:\n {2}- line 3\n/)
  t.regex(stdout, /\n {2}- line 12\n/)
  const { lastBuild } = JSON.parse((await stage.dispatch(['describe', 'image', 'web', '-o', 'json'])).stdout)
  t.deepEqual([lastBuild.status, lastBuild.lastLines.length], ['ERROR', 10])
})
