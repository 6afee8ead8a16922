/** `get runs`: order, the last one, and following. */
import test from 'ava'
import { createStage } from './stage.ts'

const run = (name: string, started: string, status = 'READY') =>
  `{"name":"${name}","functionName":"f-${name}","status":"${status}","executedTime":${started},"finishedTime":0}`
const three = `[${run('a', '1795489082045472311')},${run('c', '1795489082045472313', 'ERROR')},${run('b', '1795489082045472312')}]`
const names = (stdout: string) =>
  stdout
    .trimEnd()
    .split('\n')
    .slice(2)
    .map(line => line.trim().split(' ')[0])

test('runs are sorted by exact nanoseconds, or as asked; an unknown key is refused', async t => {
  const stage = await createStage(t, () => ({ status: 200, body: three }))
  t.deepEqual(names((await stage.dispatch(['get', 'runs'])).stdout), ['c', 'b', 'a'])
  t.deepEqual(names((await stage.dispatch(['get', 'runs', '--by', 'function'])).stdout), ['a', 'b', 'c'])
  t.deepEqual(names((await stage.dispatch(['get', 'runs', '--by', 'status'])).stdout), ['c', 'a', 'b'])
  t.deepEqual(names((await stage.dispatch(['get', 'runs', '--last'])).stdout), ['c'])
  const last = await stage.dispatch(['get', 'runs', 'f', '--last', '-o', 'json'])
  t.regex(last.stdout, /^\[\n {4}\{\n {8}"executedTime": 1795489082045472313,/)
  const refused = await stage.dispatch(['get', 'runs', '--by', 'x'])
  t.is(refused.stderr, 'cannot sort runs by "x": use started, finished, function, status\n')
})

test('a run is found by its id alone', async t => {
  const id = '01890000-0000-7000-8000-000000000000'
  const stage = await createStage(t, () => ({ status: 200, body: run(id, '1') }))
  t.deepEqual(names((await stage.dispatch(['get', 'run', id])).stdout), [id])
  t.deepEqual(
    stage.asked.map(({ url }) => url),
    [`/v1/runs/${id}?since=-62135596800`],
  )
})

test('pages are asked for as the server has them', async t => {
  const stage = await createStage(t, () => ({ status: 200, body: three }))
  await stage.dispatch(['get', 'runs', 'f', '--limit', '20', '--before', '01890000-0000-7000-8000-000000000000'])
  await stage.dispatch(['get', 'runs', '--limit', '5'])
  t.deepEqual(
    stage.asked.map(({ url }) => url),
    [
      '/v1/runs?functionName=f&since=-62135596800&limit=20&before=01890000-0000-7000-8000-000000000000',
      '/v1/runs?since=-62135596800&limit=5',
    ],
  )
})

test('--follow prints new and changed runs once, without titles, in the first columns, until interrupted', async t => {
  const interruption = new AbortController()
  const later = [`[${run('c', '1795489082045472313', 'ERROR')},${run('b', '1795489082045472312', 'ERROR')}]`, '[]']
  const stage = await createStage(t, (_, index) => ({
    status: 200,
    body: index === 0 ? three : (later[index - 1] ?? '[]'),
  }))
  let pauses = 0
  const pause = async (durationMs: number) => {
    t.is(durationMs, 2000)
    pauses += 1
    if (pauses > 2) interruption.abort()
  }
  const outcome = await stage.dispatch(['get', 'runs', '-f'], { pause, interrupted: interruption.signal })
  t.is(outcome.code, 1)
  t.deepEqual(names(outcome.stdout), ['a', 'b', 'c', 'b'])
  const lines = outcome.stdout
    .trimEnd()
    .split('\n')
    .filter(line => line.includes('|'))
  t.is(new Set(lines.map(line => line.trimEnd().indexOf('|'))).size, 1)
  const sinces = stage.asked.map(({ url }) => url)
  t.deepEqual(sinces, ['/v1/runs?since=-62135596800', '/v1/runs?since=1795489200', '/v1/runs?since=1795489200'])
})

test('a followed single run that did not change is "not found", which is no error', async t => {
  const interruption = new AbortController()
  const stage = await createStage(t, (_, index) =>
    index === 0
      ? { status: 200, body: run('a', '1') }
      : { status: 404, body: { code: 404, message: 'run a not found' } },
  )
  const pause = async () => void (stage.asked.length > 1 && interruption.abort())
  const outcome = await stage.dispatch(['get', 'run', 'f', 'a', '-f'], { pause, interrupted: interruption.signal })
  t.deepEqual([outcome.code, outcome.stderr], [1, ''])
})

test('--watch is --follow; only a table by the start of runs grows downwards', async t => {
  const stage = await createStage(t, () => ({ status: 200, body: three }))
  const follow = async (...words: string[]) => {
    const interruption = new AbortController()
    const changes = { pause: async () => interruption.abort(), interrupted: interruption.signal }
    return (await stage.dispatch(['get', 'runs', ...words], changes)).stdout
  }
  t.deepEqual(names(await follow('--watch')), ['a', 'b', 'c'])
  t.deepEqual(names(await follow('--watch', '--by', 'status')), ['c', 'a', 'b'])
  const listed: { name: string }[] = JSON.parse(await follow('--follow', '-o', 'json'))
  t.deepEqual(
    listed.map(({ name }) => name),
    ['c', 'b', 'a'],
  )
})
