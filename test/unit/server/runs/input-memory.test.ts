/** What inputs take of the memory: nothing while their run waits for its turn, their text while it is called. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import test, { type ExecutionContext } from 'ava'
import type { AppOptions } from '../../../../server/app-options.ts'
import { createMemoryStore } from '../../../../server/store/memory.ts'
import type { Store } from '../../../../server/store/port.ts'
import { loadCapture } from '../../../helpers/captures.ts'
import { answer, type Script } from '../../../helpers/fake-execution.ts'
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

const usedBytes = () => {
  collectGarbage()
  return process.memoryUsage().heapUsed
}

async function createReady(t: ExecutionContext, scripts: Record<string, Script>, options: Partial<AppOptions> = {}) {
  const app = await createTestApp(t, scripts, options)
  await seed(app)
  await app.call('POST', '/v1/function', { name: 'fn', image: 'python3', source })
  await app.reach('/v1/function/fn', 'READY')
  return app
}

const url = '/v1/runs?functionName=fn'

test.serial('a hundred runs of a MiB wait in a few', async t => {
  const { promise: end, resolve } = Promise.withResolvers<undefined>()
  const { call } = await createReady(t, {}, { store: createIdleStore(end) })
  t.teardown(() => resolve(undefined))
  const before = usedBytes()
  for (let count = 0; count < 100; count += 1) {
    const { status } = await call('POST', url, { input: `${count}`.repeat(mebibyte / 2) })
    t.is(status, 202)
  }
  t.true(usedBytes() - before < 20 * mebibyte)
})

test.serial('a call under way keeps the text of its input, not what that was parsed to', async t => {
  const begun = Promise.withResolvers<void>()
  const end = Promise.withResolvers<void>()
  const fn: Script = async () => {
    begun.resolve()
    await end.promise
    return answer('1')
  }
  const { call } = await createReady(t, { fn })
  const before = usedBytes()
  const called = call('POST', url, `{"blocking":true,"input":[${'{},'.repeat(1_000_000)}1]}`)
  await begun.promise
  const takenBytes = usedBytes() - before
  end.resolve()
  t.true(takenBytes < 20 * mebibyte)
  t.is((await called).status, 200)
})
