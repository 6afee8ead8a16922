/** `top`: figures of functions from their runs, of the server from its metrics. */
import test from 'ava'
import { type Answer, type Asked, createStage } from './stage.ts'

const run = (functionName: string, status: string, microseconds?: number) => {
  const begin = 1795489082000000000n
  const end = microseconds === undefined ? '' : `,"finishedTime":${begin + BigInt(microseconds) * 1000n}`
  return `{"functionName":"${functionName}","status":"${status}","executedTime":${begin}${end}}`
}
const hundred = Array.from({ length: 100 }, (_, index) =>
  run('busy', index < 3 ? 'ERROR' : 'READY', (index + 1) * 1500),
)
const runs = `[${[...hundred, run('slow', 'READY', 2_500_000), run('slow', 'CREATING'), run('gone', 'READY', 1)].join(',')}]`
const functions = [
  { name: 'busy', status: 'READY', memory: 64 },
  { name: 'idle', status: 'CREATING', memory: 32 },
  { name: 'slow', status: 'READY' },
]
/** One version is on its way out. */
const usages = [
  { name: 'busy', memoryBytes: 20 * 2 ** 20 },
  { name: 'busy', memoryBytes: 11 * 2 ** 20 },
  { name: 'slow', memoryBytes: 7_800_000 },
]
const metrics = `# HELP x
dispatch_workers 3
dispatch_workers_limit 64
dispatch_functions_warm 2
dispatch_calls_under_way 1
dispatch_calls_waiting 0
dispatch_calls_total{outcome="ok"} 5
process_resident_memory_bytes 1.2582912e+08
`

function answer({ url }: Asked): Answer {
  if (url.startsWith('/v1/runs')) return { status: 200, body: runs }
  if (url === '/v1/function') return { status: 200, body: functions }
  if (url === '/v1/usage') return { status: 200, body: usages }
  return url === '/metrics' ? { status: 200, body: metrics } : { status: 404, body: {} }
}

const table = `\
server: 120 MiB, 3 of 64 workers, 2 functions warm; calls: 1 under way, 0 waiting
  FUNCTION |  STATUS  | CALLS | ERRORS | UNDER WAY |   P50   |   P99    |    MEMORY     
-------------------------------------------------------------------------------
  busy     | READY    |   100 |      3 |         0 | 75.0 ms | 148.5 ms | 31 of 64 MiB  
  slow     | READY    |     2 |      0 |         1 | 2.50 s  | 2.50 s   | 7 MiB         
  gone     | DELETED  |     1 |      0 |         0 | 0.0 ms  | 0.0 ms   |               
  idle     | CREATING |     0 |      0 |         0 |         |          | up to 32 MiB  
`

test('one table in a pipe: calls, errors, median and 99th percentile, the most called first', async t => {
  const stage = await createStage(t, answer)
  t.deepEqual(await stage.dispatch(['top', '--since', '1m']), { code: 0, stdout: table, stderr: '' })
  const asked = stage.asked.find(({ url }) => url.startsWith('/v1/runs'))
  t.is(asked?.url, `/v1/runs?since=${Date.UTC(2026, 10, 24, 2, 59) / 1000}&limit=1000`)
})

test('on a terminal it is refreshed until interrupted, and that is no failure', async t => {
  const stage = await createStage(t, answer)
  const interruption = new AbortController()
  let pauses = 0
  const pause = async () => {
    pauses += 1
    if (pauses === 2) interruption.abort()
  }
  const terminal = { stdoutIsTerminal: true, pause, interrupted: interruption.signal }
  const { code, stdout } = await stage.dispatch(['top'], terminal)
  t.is(code, 0)
  t.is(stdout, `\u001b[H\u001b[J${table}`.repeat(2))
})

test('-o json has the same figures as numbers', async t => {
  const stage = await createStage(t, answer)
  const [busy] = JSON.parse((await stage.dispatch(['top', '-o', 'json'])).stdout)
  t.deepEqual(busy, {
    ...{ name: 'busy', status: 'READY', calls: 100, errors: 3, underWay: 0 },
    ...{ medianMs: 75, p99Ms: 148.5, memory: 64, memoryBytes: 31 * 2 ** 20 },
  })
})

test('a server without metrics and usages has functions all the same; a full page is said to be one', async t => {
  const many = `[${Array.from({ length: 1000 }, () => run('busy', 'READY', 5)).join(',')}]`
  const stage = await createStage(t, asked =>
    ['/metrics', '/v1/usage'].includes(asked.url)
      ? { status: 404, body: {} }
      : asked.url.startsWith('/v1/runs')
        ? { status: 200, body: many }
        : answer(asked),
  )
  const { stdout } = await stage.dispatch(['top'])
  t.true(stdout.startsWith('  FUNCTION |'))
  t.true(stdout.endsWith('only the last 1000 runs are counted\n'))
})
