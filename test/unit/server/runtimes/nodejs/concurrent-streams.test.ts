/** A nodejs function that answers many calls in one process keeps their pieces apart: who is slow or late holds up no other. */
import test from 'ava'
import type { Piece } from '../../../../../server/core/execution.ts'
import { createHostDocker, hostImages } from '../../../../helpers/host-runtimes.ts'
import { createTestEngine } from '../../../../helpers/test-engine.ts'
import { until } from '../../../../helpers/wait.ts'

const code = {
  'f.js': `
const closed = []
let wake
module.exports = async function* (context, name) {
  if (name === 'closed') return yield closed.length
  if (name === 'sleeping') await new Promise(resolve => wake = resolve)
  if (name === 'wake') wake()
  try {
    for (let number = 0; ; number += 1) {
      console.log(name, number)
      yield number
    }
  } finally {
    closed.push(name)
  }
}
module.exports.concurrent = true
`,
}

const never = Promise.withResolvers<boolean>().promise
const take = (most: number) => {
  let count = 0
  return async () => {
    count += 1
    return count < most
  }
}

test('a caller who does not take its piece holds up no other call of the process', async t => {
  const { stream, engine, revision } = createTestEngine(t, { docker: createHostDocker() })
  const counting = revision(hostImages.nodejs, code)
  const taken: Piece[] = []
  const enough = Promise.withResolvers<boolean>()
  const slow = stream(counting, 'slow', {
    onPiece: piece => {
      taken.push(piece)
      return enough.promise
    },
  })
  await until('the slow one has its piece', async () => taken.length === 1)
  const quick = await stream(counting, 'quick', { onPiece: take(500) })
  t.is(quick.ok && JSON.parse(quick.outputJson).length, 500)
  t.is(quick.logs.stdout?.length, 500)
  t.is(engine.stats().functions[0]?.workers, 1)
  enough.resolve(false)
  t.like(await slow, { ok: true, outputJson: '[0]', logs: { stdout: ['slow 0'] } })
})

test('a late one ends with its lines, and goes on no further; its neighbours do', async t => {
  const { stream, call, engine, revision } = createTestEngine(t, { docker: createHostDocker() })
  const counting = revision(hostImages.nodejs, code)
  await engine.load(counting)
  const late = await stream(counting, 'late', { onPiece: () => never, timeoutMs: 3000 })
  t.is(late.ok ? '' : late.error.message, 'Function execution exceeded the timeout')
  t.deepEqual(late.logs.stdout, ['late 0'])
  await until('its handler is closed', async () => {
    const closed = await call(counting, 'closed')
    return closed.ok && closed.outputJson === '[1]'
  })
})

test('a late one that was at work sends nothing when it comes to its next piece', async t => {
  const { stream, call, engine, revision, warnings } = createTestEngine(t, { docker: createHostDocker() })
  const counting = revision(hostImages.nodejs, code)
  await engine.load(counting)
  const late = await stream(counting, 'sleeping', { onPiece: async () => true, timeoutMs: 2000 })
  t.is(late.ok ? '' : late.error.message, 'Function execution exceeded the timeout')
  t.like(await stream(counting, 'wake', { onPiece: async () => false }), { ok: true })
  await until('its handler is closed', async () => {
    const closed = await call(counting, 'closed')
    return closed.ok && closed.outputJson === '[2]'
  })
  t.deepEqual(warnings, [])
})
