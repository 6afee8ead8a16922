/** `run`: just the output on stdout, what the function prints and why it failed on stderr. */
import test, { type ExecutionContext } from 'ava'
import { type Answer, type Asked, createStage } from './stage.ts'

const id = '01a20d76-6e31-7986-b2b7-4c460a224a6e'
const line = (number: number, text: string, stream: string) =>
  `data: ${JSON.stringify({ run: id, stream, number, line: text })}\n\n`
const end = `event: end\ndata: {"run":"${id}","status":"READY","time":1}\n\n`
const headers = { 'Content-Type': 'text/event-stream' }
const told: Answer = { status: 200, body: line(1, 'one', 'stdout') + line(1, 'two', 'stderr') + end, headers }
const finished = `{"name":"${id}","status":"READY","output":{"big":12345678901234567890,"a":1.0},"logs":{"stdout":["one"],"stderr":null}}`

interface Story {
  readonly logs?: Answer
  /** Of each look at the run, the last one again and again. */
  readonly looks?: readonly string[]
}

function createServer(t: ExecutionContext, { logs = told, looks = [finished] }: Story = {}) {
  let look = 0
  return createStage(t, ({ method, url }: Asked) => {
    if (method === 'POST') return { status: 202, body: { name: id, status: 'INITIALIZED' } }
    if (url.includes('/logs?')) return logs
    look += 1
    return { status: 200, body: looks[look - 1] ?? looks.at(-1) }
  })
}

test('the output alone is on stdout, exact; both streams of the function are on stderr', async t => {
  const stage = await createServer(t)
  const outcome = await stage.dispatch(['run', 'hello', '{"n":1.50}', '--secret', 'a,b'])
  const stdout = '{\n    "big": 12345678901234567890,\n    "a": 1.0\n}\n'
  t.deepEqual(outcome, { code: 0, stdout, stderr: 'one\ntwo\n' })
  t.deepEqual(
    stage.asked.map(({ method, url }) => `${method} ${url}`),
    [
      'POST /v1/runs?functionName=hello',
      `GET /v1/runs/${id}/logs?functionName=hello&follow=true`,
      `GET /v1/runs/${id}?functionName=hello`,
    ],
  )
  t.is(stage.asked[0]?.body, '{"input":{"n":1.50},"reason":null,"secrets":["a","b"],"services":null,"tags":null}')
})

test('no output is null, YAML is YAML, and no input is an empty object', async t => {
  const stage = await createServer(t, { looks: [`{"name":"${id}","status":"READY"}`] })
  t.is((await stage.dispatch(['run', 'hello'])).stdout, 'null\n')
  t.true(stage.asked[0]?.body.startsWith('{"input":{},'))
  const other = await createServer(t)
  t.is((await other.dispatch(['run', 'hello', '-o', 'yaml'])).stdout, 'big: 12345678901234567890\na: 1.0\n')
})

test('a failed run: its error and frames on stderr, nothing on stdout, exit code 3', async t => {
  const error = { type: 'FunctionError', message: 'no\u001b[2J luck', stacktrace: ['at handle', 'at main'] }
  const stage = await createServer(t, { looks: [JSON.stringify({ name: id, status: 'ERROR', error })] })
  t.deepEqual(await stage.dispatch(['run', 'hello']), {
    code: 3,
    stdout: '',
    stderr: `one\ntwo\nrun ${id} failed: FunctionError: no[2J luck\nat handle\nat main\n`,
  })
})

for (const code of [404, 429])
  test(`a server that does not tell live (${code}): the run is waited for, its lines come at the end`, async t => {
    const looks = [`{"name":"${id}","status":"CREATING"}`, finished]
    const stage = await createServer(t, { logs: { status: code, body: { code, message: 'no' } }, looks })
    const { code: exit, stderr } = await stage.dispatch(['run', 'hello'])
    t.deepEqual([exit, stderr], [0, 'one\n'])
    t.is(stage.asked.length, 4)
  })

test('who may start a run and not look at it is told that it runs', async t => {
  const stage = await createServer(t, { logs: { status: 403, body: { code: 403, message: 'no' } } })
  const { code, stdout, stderr } = await stage.dispatch(['run', 'hello'])
  t.deepEqual([code, stdout], [1, ''])
  t.true(stderr.startsWith(`[Code: 403] no\nthe function runs nevertheless, as run ${id}: `), stderr)
})

test('refusals come before anything runs', async t => {
  const stage = await createStage(t, [{ status: 404, body: { code: 404, message: 'function no not found' } }])
  t.like(await stage.dispatch(['run', 'no', '{bad']), { code: 1, stdout: '' })
  t.is(stage.asked.length, 0)
  t.is((await stage.dispatch(['run', 'no'])).stderr, '[Code: 404] function no not found\n')
})

test('an interruption leaves the run, and says so', async t => {
  const interruption = new AbortController()
  const stage = await createServer(t, { looks: [`{"name":"${id}","status":"CREATING"}`] })
  const pause = async () => interruption.abort()
  const { code, stderr } = await stage.dispatch(['run', 'hello'], { pause, interrupted: interruption.signal })
  t.is(code, 1)
  t.is(stderr, `one\ntwo\ninterrupted; the run goes on: see "dispatch get run hello ${id}"\n`)
})

for (const words of [
  ['run', 'f'],
  ['exec', 'f', '--input'],
])
  test(`${words[0]}: the input may be in a file, or on standard input; what is no JSON is not quoted`, async t => {
    const stage = await createServer(t)
    stage.write('in.json', '{"n":1.50}\n')
    stage.write('bad.json', 'secret-text')
    t.is((await stage.dispatch([...words, '@in.json'])).code, 0)
    t.is((await stage.dispatch([...words, '-'], { readInput: async () => '{"n":2.50}' })).code, 0)
    const inputs = stage.asked.filter(({ method }) => method === 'POST').map(({ body }) => body.slice(0, 19))
    t.deepEqual(inputs, ['{"input":{"n":1.50}', '{"input":{"n":2.50}'])
    const before = stage.asked.length
    const bad = await stage.dispatch([...words, '@bad.json'])
    t.is(bad.code, 1)
    t.regex(bad.stderr, /^Error when parsing function parameters @bad.json\n/)
    t.notRegex(bad.stderr, /secret-text/)
    const text = 'error when reading content of no.json: open no.json: no such file or directory\n'
    t.deepEqual(await stage.dispatch([...words, '@no.json']), { code: 1, stdout: '', stderr: text })
    t.regex((await stage.dispatch([...words, '-'])).stderr, /^Error when parsing function parameters -\n/)
    t.is(stage.asked.length, before)
  })
