/** Runs that nobody awaits while the engine has no worker for them: they wait, whatever their timeout and whoever stops the server. */
import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import type { EngineLimits } from '../../../../server/engine/options.ts'
import { createMemoryStore } from '../../../../server/store/memory.ts'
import { temporaryDir } from '../../../contract/store/samples.ts'
import { archiveOf } from '../../../helpers/archive.ts'
import { answer } from '../../../helpers/fake-execution.ts'
import { createHostDocker } from '../../../helpers/host-runtimes.ts'
import { createTestApp, type TestApp } from '../../../helpers/test-app.ts'
import { createTestEngine } from '../../../helpers/test-engine.ts'
import { until } from '../../../helpers/wait.ts'

/** Ends once there is a file at the path that it gets. */
const content = `
import os, time
def handle(context, path):
    while path and not os.path.exists(path):
        time.sleep(0.01)
    return context.get('deadline')
`

async function createStage(t: ExecutionContext, limits: Partial<EngineLimits>) {
  const fakeDocker = createHostDocker()
  const store = createMemoryStore()
  const { engine } = createTestEngine(t, { docker: fakeDocker, limits: { poolSize: 0, ...limits } })
  const app = await createTestApp(t, {}, { fakeDocker, store, execution: engine })
  const { call, reach } = app
  await call('POST', '/v1/baseimage', { name: 'base', dockerUrl: 'host/python3:1', language: 'python3' })
  await call('POST', '/v1/image', { name: 'python3', baseImageName: 'base' })
  await reach('/v1/image/python3', 'READY')
  const source = (await archiveOf([{ name: 'f.py', content }])).toString('base64')
  const create = async (name: string, fields: object = {}) => {
    await call('POST', '/v1/function', { name, image: 'python3', handler: 'f.handle', source, ...fields })
    await reach(`/v1/function/${name}`, 'READY')
  }
  const run = (name: string, body: object) => call('POST', `/v1/runs?functionName=${name}`, body)
  const waiting = () => engine.stats().functions.reduce((sum, each) => sum + each.waiting, 0)
  const path = join(temporaryDir(t), randomUUID())
  // A call that a failed test leaves would hold up its end.
  t.teardown(() => writeFileSync(path, ''))
  return { ...app, engine, fakeDocker, store, create, run, waiting, path }
}

const statusOf = async ({ store }: Pick<TestApp, 'store'>, name: string) =>
  (await store.runs.get('dispatch', name))?.status

test('the time of a run does not pass while others have the workers', async t => {
  const stage = await createStage(t, { maxWorkers: 1 })
  const { call, create, run, path } = stage
  await create('long')
  await create('fn', { timeout: 3000 })
  const held = run('long', { blocking: true, input: path })
  await until('the only worker is taken', async () => stage.engine.stats().functions.some(({ busy }) => busy === 1))
  const { body } = await run('fn', {})
  await until('it waits for a worker', async () => stage.waiting() === 1)
  const overMs = Date.now() + 3500
  await until('its timeout is over', async () => Date.now() > overMs)
  writeFileSync(path, '')
  const ended = await until('it ends', async () => {
    const { body: seen } = await call('GET', `/v1/runs/${body.name}`)
    return seen.status !== 'CREATING' && seen
  })
  t.is(ended.status, 'READY')
  // The server's clock and this one may be some ms apart.
  t.true(Date.parse(ended.output) >= overMs + 2900)
  t.is((await held).body.status, 'READY')
})

test('what is made again by itself is not counted as refused, what a caller is told is', async t => {
  const { app, engine, create, run, path } = await createStage(t, { concurrency: 1, waitMs: 200 })
  await create('fn')
  const held = run('fn', { blocking: true, input: path })
  await until('the only worker is taken', async () => engine.stats().functions.some(({ busy }) => busy === 1))
  const read = async (metric: string) => {
    const { body } = await app.api.inject({ method: 'GET', url: '/metrics' })
    return Number(
      body
        .split('\n')
        .find(line => line.startsWith(`${metric} `))
        ?.split(' ')
        .at(-1),
    )
  }
  const refused = async () => [
    await read('dispatch_calls_total{outcome="busy"}'),
    await read('dispatch_runs_refused_total'),
  ]
  await run('fn', {})
  await until('it is put back', async () => (await read('dispatch_runs_waiting')) === 1)
  t.deepEqual(await refused(), [0, 0])
  t.is((await run('fn', { blocking: true })).status, 429)
  t.deepEqual(await refused(), [1, 1])
  writeFileSync(path, '')
  await held
})

test('a run whose function has no container while Docker is down waits until it has one', async t => {
  const stage = await createStage(t, {})
  const { create, run, fakeDocker, reach } = stage
  await create('fn')
  fakeDocker.down = true
  for (const id of fakeDocker.specs.keys()) fakeDocker.endContainer(id)
  await until('its container is gone', async () => stage.engine.stats().functions.every(({ warm }) => !warm))
  const { body } = await run('fn', {})
  await until('it is put back', async () => (await statusOf(stage, body.name)) === 'INITIALIZED' && !stage.waiting())
  fakeDocker.down = false
  await reach(`/v1/runs/${body.name}`, 'READY')
  t.pass()
})

test('a stop puts back what never had a worker, and ends what had one', async t => {
  const stage = await createStage(t, { concurrency: 1 })
  const { create, run, path, store, fakeDocker } = stage
  await create('fn')
  const cut = run('fn', { blocking: true, input: path })
  await until('the only worker is taken', async () => stage.engine.stats().functions.some(({ busy }) => busy === 1))
  const { body } = await run('fn', {})
  await until('it waits for a worker', async () => stage.waiting() === 1)
  const drained = stage.app.drain()
  await stage.engine.close(1)
  await drained
  t.like((await cut).body, { status: 'ERROR', error: { type: 'SystemError' } })
  t.is(await statusOf(stage, body.name), 'INITIALIZED')
  const next = await createTestApp(t, { fn: () => answer('"at last"') }, { store, fakeDocker })
  t.is((await next.reach(`/v1/runs/${body.name}`, 'READY')).body.output, 'at last')
})
