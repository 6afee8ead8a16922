/** What waits is on disk: however large its input, it takes no memory until its turn. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import test from 'ava'
import { createMemoryStore } from '../../../../server/store/memory.ts'
import type { Store } from '../../../../server/store/port.ts'
import { loadCapture } from '../../../helpers/captures.ts'
import { createTestApp, seed } from '../../../helpers/test-app.ts'

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')
const mebibyte = 1024 * 1024
const { source } = JSON.parse(loadCapture('027')[0]?.request.body ?? '{}')

/** It stores no run, and lets none begin before `end`. */
function createIdleStore(end: Promise<undefined>): Store {
  const store = createMemoryStore()
  return { ...store, runs: { ...store.runs, put: async () => {}, get: () => end } }
}

test('a hundred runs of a MiB wait in a few', async t => {
  const { promise: end, resolve } = Promise.withResolvers<undefined>()
  const app = await createTestApp(t, {}, { store: createIdleStore(end) })
  t.teardown(() => resolve(undefined))
  await seed(app)
  await app.call('POST', '/v1/function', { name: 'fn', image: 'python3', source })
  await app.reach('/v1/function/fn', 'READY')
  const usedBytes = () => {
    collectGarbage()
    return process.memoryUsage().heapUsed
  }
  const before = usedBytes()
  for (let count = 0; count < 100; count += 1) {
    const { status } = await app.call('POST', '/v1/runs?functionName=fn', { input: `${count}`.repeat(mebibyte / 2) })
    t.is(status, 202)
  }
  t.true(usedBytes() - before < 20 * mebibyte)
})
