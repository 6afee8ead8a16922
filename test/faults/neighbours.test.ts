/** A function that takes all it can get: calls of its neighbours are answered all the while. */
import test, { type ExecutionContext } from 'ava'
import { harmfulSource, harms } from '../helpers/harms.ts'
import { type LiveServer, startLiveServer } from '../helpers/live-server.ts'
import { startOwnDocker } from '../helpers/own-docker.ts'
import { createFunction, execute, seed } from './stage.ts'

/** Processes that spin, as many as it gets. */
const spinningNodejs = `const { spawn } = require('node:child_process')
module.exports = (ctx, { do: harm }) => {
  while (harm) spawn(process.execPath, ['-e', 'while (true);']).on('error', () => {})
  return 'fine'
}
`
/** The function that does it, and what it is asked to do. */
const doings = [...harms.map(harm => ({ bad: 'bad-python3', harm })), { bad: 'bad-nodejs', harm: 'spinning processes' }]
const goodNodejs = 'module.exports = () => "fine"\n'
const neighbours = ['good-python3', 'good-nodejs']
const undisturbedCalls = 200
/** Under the load of a harm at least so many, even when it is over sooner. */
const disturbedCalls = 100
const timeout = 5000
/**
 * The bench holds it to three times on a quiet machine. Slices of a busy scheduler come to ten, or to the least time here; whoever
 * has to wait for a harm waits until its timeout.
 */
const mostMs = (undisturbedMs: number): number => Math.min(timeout / 2, Math.max(10 * undisturbedMs, 100))

/** Calls the neighbours in turn for as long as `isOn`; returns how long each call took, in ms. */
async function callNeighbours(t: ExecutionContext, server: LiveServer, isOn: (calls: number) => boolean) {
  const tookMs: number[] = []
  for (let number = 0; isOn(number); number += 1) {
    const begin = performance.now()
    const { status, body } = await execute(server, neighbours[number % 2] ?? '')
    tookMs.push(performance.now() - begin)
    t.deepEqual([status, body.output], [200, 'fine'], JSON.stringify(body))
  }
  return tookMs.toSorted((one, other) => one - other)
}

const p99 = (sorted: number[]): number => sorted[Math.floor(sorted.length * 0.99)] ?? 0

async function harmNeighbours(t: ExecutionContext, server: LiveServer, { bad, harm }: (typeof doings)[number]) {
  const quiet = p99(await callNeighbours(t, server, calls => calls < undisturbedCalls))
  let isOver = false
  const harmed = execute(server, bad, { do: harm }).finally(() => {
    isOver = true
  })
  const disturbed = p99(await callNeighbours(t, server, calls => !isOver || calls < disturbedCalls))
  const { body } = await harmed
  t.is(body.status, 'ERROR', JSON.stringify(body.error))
  const told = `${bad}, ${harm}: p99 of neighbours ${disturbed.toFixed(1)} ms, undisturbed ${quiet.toFixed(1)} ms`
  t.true(disturbed <= mostMs(quiet), told)
  t.log(`${told}; ended: ${body.reason[0]}`)
  t.is((await execute(server, bad)).body.output, 'fine')
}

test('fork bombs, a memory hog, a disk filler and a log flood leave their neighbours alone', async t => {
  t.timeout(10 * 60_000, 'a machine that may be busy')
  const own = await startOwnDocker()
  t.teardown(own.close)
  const server = await startLiveServer({ env: own.env })
  t.teardown(() => server.stop())
  await seed(server)
  await createFunction(server, { name: 'bad-python3', image: 'python3', code: harmfulSource, timeout })
  await createFunction(server, { name: 'bad-nodejs', image: 'nodejs', code: spinningNodejs, timeout })
  await createFunction(server, { name: 'good-python3', image: 'python3', code: harmfulSource })
  await createFunction(server, { name: 'good-nodejs', image: 'nodejs', code: goodNodejs })
  for (const each of doings) await harmNeighbours(t, server, each)
})
