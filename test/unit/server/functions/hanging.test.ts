/** Code whose import never ends: it harms no other function, and goes as soon as its function is deleted or replaced. */
import test, { type ExecutionContext } from 'ava'
import type { FunctionEntity } from '../../../../server/functions/schema.ts'
import { archiveOf } from '../../../helpers/archive.ts'
import type { FakeDocker } from '../../../helpers/fake-docker.ts'
import { becomeReady, createPlayedDocker } from '../../../helpers/played-runtime.ts'
import { createTestApp, seed } from '../../../helpers/test-app.ts'
import { createTestEngine } from '../../../helpers/test-engine.ts'
import { until } from '../../../helpers/wait.ts'

const source = (await archiveOf([{ name: 'handler.py', content: '#' }])).toString('base64')
const body = (name: string, handler: string) => ({ name, image: 'python3', handler, source })
const hours = 3_600_000

/** On an engine whose workers import any handler at once, but for that of the name `hang`. */
async function createStage(t: ExecutionContext, change: (docker: FakeDocker) => void = () => undefined) {
  let hanging = 0
  const docker = createPlayedDocker({
    control: ({ header }, line) => {
      if (header.handler === 'hang') hanging += 1
      else becomeReady({ header }, line)
    },
  })
  const limits = { poolSize: 0, loadTimeoutMs: hours, startTimeoutMs: hours }
  const { engine } = createTestEngine(t, { docker, limits })
  const app = await createTestApp(t, {}, { fakeDocker: docker, execution: engine, drainTimeoutMs: 100 })
  await seed(app)
  change(docker)
  const entityOf = (name: string) => app.store.collection<FunctionEntity>('Function').get('dispatch', name)
  const untilHanging = (count: number) => until(`${count} hang`, async () => hanging === count)
  const untilEmpty = () => until('no container is left', async () => (await docker.listContainers({})).length === 0)
  return { ...app, entityOf, untilHanging, untilEmpty }
}

test('its function is deleted at once', async t => {
  const { call, entityOf, untilHanging, untilEmpty } = await createStage(t)
  await call('POST', '/v1/function', body('fn', 'hang'))
  await untilHanging(1)
  await call('DELETE', '/v1/function/fn')
  await until('it is gone', async () => (await entityOf('fn')) === undefined)
  await untilEmpty()
  t.pass()
})

test('a function that waits for a container which does not start is deleted at once', async t => {
  let asked = 0
  const never = Promise.withResolvers<void>()
  const { call, entityOf } = await createStage(t, docker => {
    const { createContainer } = docker
    docker.createContainer = async spec => {
      asked += 1
      await never.promise
      return await createContainer(spec)
    }
  })
  t.teardown(() => never.resolve())
  await call('POST', '/v1/function', body('fn', 'handler'))
  await until('Docker is asked for a container', async () => asked === 1)
  await call('DELETE', '/v1/function/fn')
  await until('it is gone', async () => (await entityOf('fn')) === undefined)
  t.pass()
})

test('an update takes its place at once', async t => {
  const { call, reach, untilHanging } = await createStage(t)
  await call('POST', '/v1/function', body('fn', 'hang'))
  await untilHanging(1)
  await call('PUT', '/v1/function/fn', body('fn', 'handler'))
  t.like((await reach('/v1/function/fn', 'READY')).body, { handler: 'handler', reason: null })
})

test('a function whose code was loaded before is updated and deleted as well', async t => {
  const { call, reach, entityOf, untilHanging, untilEmpty } = await createStage(t)
  await call('POST', '/v1/function', body('fn', 'handler'))
  await reach('/v1/function/fn', 'READY')
  await call('PUT', '/v1/function/fn', body('fn', 'hang'))
  await untilHanging(1)
  await call('PUT', '/v1/function/fn', body('fn', 'another'))
  t.like((await reach('/v1/function/fn', 'READY')).body, { handler: 'another' })
  await call('PUT', '/v1/function/fn', body('fn', 'hang'))
  await untilHanging(2)
  await call('DELETE', '/v1/function/fn')
  await until('it is gone', async () => (await entityOf('fn')) === undefined)
  await untilEmpty()
})

test('while ten of them hang, other functions become READY', async t => {
  const { call, reach, untilHanging } = await createStage(t)
  for (let number = 0; number < 10; number += 1) await call('POST', '/v1/function', body(`hang-${number}`, 'hang'))
  await untilHanging(10)
  await call('POST', '/v1/function', body('fn', 'handler'))
  t.is((await reach('/v1/function/fn', 'READY')).status, 200)
})
