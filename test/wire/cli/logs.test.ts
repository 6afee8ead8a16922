/** `logs`: what is printed where, following over several connections, and its end. */
import type { ServerResponse } from 'node:http'
import test, { type ExecutionContext } from 'ava'
import { listenForCli } from '../../helpers/listen-for-cli.ts'
import { until } from '../../helpers/wait.ts'
import { createStage } from './stage.ts'

const run = '01a20d76-6e31-7986-b2b7-4c460a224a6e'
const line = (number: number, text: string, stream = 'stdout', name = run) =>
  `data: ${JSON.stringify({ run: name, stream, number, line: text })}\n\n`.replace('}', ',"time":1795489082045472311}')
const end = (status = 'READY', name = run) =>
  `event: end\ndata: {"run":"${name}","status":"${status}","time":1795489082045472312}\n\n`
const headers = { 'Content-Type': 'text/event-stream' }

test('a run: stdout to stdout, stderr to stderr, control characters of neither; a person learns of its failure', async t => {
  const body = `retry: 1000\n\n:\n\n${line(1, 'one\u001b[2J')}${line(1, 'oops', 'stderr')}${line(2, 'zwei ö')}${end('ERROR')}`
  const stage = await createStage(t, () => ({ status: 200, body, headers }))
  t.deepEqual(await stage.dispatch(['logs', run]), { code: 0, stdout: 'one[2J\nzwei ö\n', stderr: 'oops\n' })
  const seen = await stage.dispatch(['logs', 'hello', run], { stderrIsTerminal: true })
  t.is(seen.stderr, `oops\nrun ${run} ended in ERROR\n`)
  t.deepEqual(
    stage.asked.map(({ url }) => url),
    [`/v1/runs/${run}/logs`, `/v1/runs/${run}/logs?functionName=hello`],
  )
  t.is(stage.asked[0]?.headers.accept, 'text/event-stream')
  t.regex((await stage.dispatch(['logs', run, '--port', '1'])).stderr, /\/logs" .*: connection refused/)
})

test('a function: each line with its run; -o json is one exact object a line', async t => {
  const body = `${line(1, 'a\u001b')}event: dropped\r\ndata: {"events":7}\r\n\r\n${end()}`
  const stage = await createStage(t, () => ({ status: 200, body, headers }))
  const plain = await stage.dispatch(['logs', 'hello', '--since', '10m'])
  t.is(plain.stdout, `${run} a\n`)
  t.is(plain.stderr, '7 lines were left out here: this reader is too slow\n')
  t.is(stage.asked[0]?.url, `/v1/function/hello/logs?since=${Date.UTC(2026, 10, 24, 2, 50) / 1000}`)
  const exact = await stage.dispatch(['logs', 'hello', '-o', 'json'])
  t.deepEqual(exact.stdout.split('\n'), [
    `{"run":"${run}","stream":"stdout","number":1,"line":"a\\u001b","time":1795489082045472311}`,
    '{"events":7}',
    `{"run":"${run}","status":"READY","time":1795489082045472312}`,
    '',
  ])
})

test('refusals are those of the server, or of the command', async t => {
  const stage = await createStage(t, () => ({ status: 404, body: { code: 404, message: 'function no not found' } }))
  for (const more of [[], ['--follow']])
    t.like(await stage.dispatch(['logs', 'no', ...more]), { code: 1, stderr: '[Code: 404] function no not found\n' })
  t.regex((await stage.dispatch(['logs', run, '--since', '1m'])).stderr, /^--since is for the runs of a function/)
  t.regex((await stage.dispatch(['logs', 'f', '-o', 'yaml'])).stderr, /^logs are printed as lines/)
  const cut = await createStage(t, () => ({ status: 200, body: line(1, 'a'), headers: { 'Content-Length': '10000' } }))
  const lost = cut.dispatch(['logs', run])
  await until('it was asked', async () => cut.asked.length === 1)
  cut.cut()
  t.like(await lost, { code: 1, stderr: 'the connection was lost before all was printed; try again\n' })
})

test('a server that stops and is not back yet is waited for, one that refuses is not', async t => {
  const stopping = { status: 503, body: { code: 503, message: 'the server is shutting down' } }
  const page = { status: 502, body: { error: 'Bad gateway' } }
  const refusal = { status: 401, body: { code: 401, message: 'unauthenticated for invalid credentials' } }
  const told = { status: 200, body: line(1, 'one'), headers }
  const stage = await createStage(t, [told, stopping, page, told, refusal])
  t.deepEqual(await stage.dispatch(['logs', 'f', '-f']), {
    code: 1,
    stdout: `${run} one\n`,
    stderr: '[Code: 401] unauthenticated for invalid credentials\n',
  })
})

test('following ends well when what was followed has been deleted', async t => {
  const told = { status: 200, body: line(1, 'one') + end(), headers }
  const gone = { status: 404, body: { code: 404, message: 'function f not found' } }
  for (const stderrIsTerminal of [false, true]) {
    const stage = await createStage(t, [told, gone])
    const { code, stdout, stderr } = await stage.dispatch(['logs', 'f', '-f'], { stderrIsTerminal })
    t.deepEqual([code, stdout], [0, `${run} one\n`])
    const notes = 'the connection has ended; trying again\nwhat was followed has been deleted\n'
    t.is(stderr, stderrIsTerminal ? notes : '')
  }
})

/** Each connection gets the next piece and stays open until the test ends it. */
async function createStreamer(t: ExecutionContext, pieces: string[]) {
  const open: ServerResponse[] = []
  const urls: string[] = []
  const env = await listenForCli(t, (request, response) => {
    urls.push(request.url ?? '')
    response.writeHead(200, headers)
    response.write(pieces[open.length] ?? '')
    open.push(response)
  })
  return { urls, open, env }
}

test('following a run goes on over a new connection, prints each line once, and ends with the run', async t => {
  const pieces = [line(1, 'one'), line(1, 'one') + line(2, 'two'), line(1, 'one') + line(2, 'two') + end()]
  const { open, urls, env } = await createStreamer(t, pieces)
  const stage = await createStage(t)
  let printed = ''
  const stdout = { write: (text: string) => (printed += text) }
  const following = stage.dispatch(['logs', run, '-f'], { env, stdout, stderrIsTerminal: true })
  await until('the first line', async () => printed === 'one\n')
  open[0]?.destroy()
  await until('the second line', async () => printed === 'one\ntwo\n')
  open[1]?.end()
  await until('the third connection', async () => open.length === 3)
  open[2]?.end()
  const { code, stderr } = await following
  t.deepEqual([code, printed, stderr], [0, 'one\ntwo\n', 'the connection has ended; trying again\n'.repeat(2)])
  t.deepEqual(
    urls,
    Array.from({ length: 3 }, () => `/v1/runs/${run}/logs?follow=true`),
  )
})

test('following a function goes on from the last event, also while the server is away, until a quiet interruption', async t => {
  const { open, urls, env } = await createStreamer(t, [
    line(1, 'one') + end(),
    end() + line(1, 'next', 'stdout', 'other'),
  ])
  const stage = await createStage(t)
  const interruption = new AbortController()
  let printed = ''
  const stdout = { write: (text: string) => (printed += text) }
  const changes = { env, stdout, interrupted: interruption.signal }
  const following = stage.dispatch(['logs', 'fn', '-f', '-o', 'json'], changes)
  await until('the end', async () => printed.includes('READY'))
  open[0]?.destroy()
  await until('the next run', async () => printed.includes('next'))
  interruption.abort()
  t.like(await following, { code: 0, stderr: '' })
  t.is(printed.trimEnd().split('\n').length, 3)
  t.deepEqual(urls, ['/v1/function/fn/logs?follow=true', '/v1/function/fn/logs?follow=true&since=1795489081'])
})

const build = '7b1f1f8e-9a0c-4f7e-8f0a-0a6b7a1f2c11'
const built = (number: number, text: string, stream = 'stdout') =>
  `data: {"build":"${build}","stream":"${stream}","number":${number},"line":${JSON.stringify(text)},"time":1}\n\n`
const builtEnd = (status: string) =>
  `event: end\ndata: {"build":"${build}","status":"${status}","reason":null,"time":1795489082045472312}\n\n`
const cutOff = (number: number) =>
  `event: dropped\ndata: {"build":"${build}","number":${number},"events":${number}}\n\n`

test('a build: its lines in their order, what was left out, and for a person its failure', async t => {
  const body = cutOff(2) + built(3, 'three') + built(4, 'oops', 'stderr') + builtEnd('ERROR')
  const stage = await createStage(t, () => ({ status: 200, body, headers }))
  t.deepEqual(await stage.dispatch(['logs', '--image', 'web', '-f'], { stderrIsTerminal: true }), {
    code: 0,
    stdout: 'three\n',
    stderr: `2 lines were left out here: of a build the server keeps the end\noops\nbuild ${build} ended in ERROR\n`,
  })
  t.is(stage.asked[0]?.url, '/v1/image/web/logs?follow=true')
})

test('a build is asked for alone', async t => {
  const stage = await createStage(t)
  t.regex((await stage.dispatch(['logs', 'f', '--image', 'web'])).stderr, /--image is for the log of a build/)
  t.regex((await stage.dispatch(['logs'])).stderr, /^Error: accepts between 1 and 2 arg\(s\), received 0/)
  t.regex((await stage.dispatch(['logs', '--image', 'web', '--since', '1m'])).stderr, /^--since is for the runs/)
  t.deepEqual(stage.asked, [])
})

/** An image whose build is looked at four times, the last time when it has ended. */
async function createBuildStage(t: ExecutionContext, status: string, reason: string[] | null = null) {
  const statuses = ['INITIALIZED', 'CREATING', 'CREATING', 'CREATING', status]
  const logs = ['', cutOff(1) + built(2, 'two'), cutOff(2) + built(3, 'three\u001b[1m')]
  let looks = 0
  return createStage(t, ({ url }) => {
    if (!url.endsWith('/logs'))
      return { status: 200, body: { name: 'web', status: statuses[looks++] ?? status, reason } }
    return {
      status: 200,
      body: logs[looks - 2] ?? cutOff(2) + built(3, 'three') + built(4, 'four') + builtEnd(status),
      headers,
    }
  })
}
const create = ['create', 'image', 'web', 'python3-base', '--wait']

test('who waits for an image at a terminal sees each line of its build once, on stderr', async t => {
  const stage = await createBuildStage(t, 'READY')
  const left = 'lines were left out here: of a build the server keeps the end'
  t.deepEqual(await stage.dispatch(create, { stderrIsTerminal: true }), {
    code: 0,
    stdout: 'Created image: web\n',
    stderr: `1 ${left}\ntwo\nthree[1m\nfour\n`,
  })
  const failed = await createBuildStage(t, 'ERROR', ['pip failed'])
  t.regex(
    (await failed.dispatch(create, { stderrIsTerminal: true })).stderr,
    /\nfour\nimage web ended in ERROR: pip failed\n/,
  )
})

test('a script gets no lines of builds, and asks for none; nor does who wants quiet', async t => {
  for (const [words, io] of [
    [[], {}],
    [['--quiet'], { stderrIsTerminal: true }],
  ] as const) {
    const stage = await createBuildStage(t, 'READY')
    t.like(await stage.dispatch([...create, ...words], io), { code: 0, stderr: '' })
    t.false(stage.asked.some(({ url }) => url.endsWith('/logs')))
  }
})

test('a server without logs of builds is asked once', async t => {
  let looks = 0
  const stage = await createStage(t, ({ url }) =>
    url.endsWith('/logs')
      ? { status: 404, body: { code: 404, message: 'path was not found' } }
      : { status: 200, body: { name: 'web', status: looks++ < 3 ? 'CREATING' : 'READY' } },
  )
  t.like(await stage.dispatch(create, { stderrIsTerminal: true }), { code: 0 })
  t.is(stage.asked.filter(({ url }) => url.endsWith('/logs')).length, 1)
})
