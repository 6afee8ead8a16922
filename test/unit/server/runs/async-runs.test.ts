/** Runs that nobody awaits: accepted means stored, and each ends in exactly one of the ways that are promised. */
import test, { type ExecutionContext } from 'ava'
import type { AppOptions } from '../../../../server/app-options.ts'
import { BusyError } from '../../../../server/core/execution.ts'
import { createMemoryStore } from '../../../../server/store/memory.ts'
import type { Store } from '../../../../server/store/port.ts'
import { answer, type Script } from '../../../helpers/fake-execution.ts'
import { createTestApp, seed, type TestApp } from '../../../helpers/test-app.ts'
import { until } from '../../../helpers/wait.ts'

const source =
  'H4sIAAAAAAACA+3NsQqDQBCE4a19ii0NBFnJxcK3OXInFiLHRYu8fQ4bwT4S8P+aGaaZoUkf+TErOue2LI5p9nB73/bu6VpRkxOs78XncinXFOKgo5/DFOvXPd36SjXHZc2zpkoAAAAAAAAAAAAAAAAAAH/rC7KMCE8AKAAA'
const url = '/v1/runs?functionName=fn'

async function createReady(t: ExecutionContext, script: Script, options: Partial<AppOptions> = {}): Promise<TestApp> {
  const app = await createTestApp(t, { fn: script }, options)
  await seed(app)
  await app.call('POST', '/v1/function', { name: 'fn', image: 'python3', source })
  await app.reach('/v1/function/fn', 'READY')
  return app
}

/** Calls that do not end before the test does. */
async function createHeld(t: ExecutionContext, options: Partial<AppOptions>): Promise<TestApp> {
  const gate = Promise.withResolvers<void>()
  const app = await createReady(t, () => gate.promise.then(() => answer('1')), options)
  t.teardown(() => gate.resolve())
  return app
}

const post = async ({ call }: TestApp, body: object = {}): Promise<string> => {
  const accepted = await call('POST', url, body)
  if (accepted.status !== 202) throw new Error(accepted.text)
  return accepted.body.name
}
const read = async (store: Store, name: string) => JSON.parse((await store.runs.get('dispatch', name))?.body ?? 'null')

test('the answer says INITIALIZED, the run under way CREATING, then it ends with all that was sent', async t => {
  const gate = Promise.withResolvers<void>()
  const app = await createReady(t, async ({ payloadJson }) => {
    await gate.promise
    return answer(payloadJson)
  })
  const { body } = await app.call('POST', url, '{"input":{"a":1.0},"tags":[{"key":"k","value":"v"}]}')
  t.is(body.status, 'INITIALIZED')
  await app.reach(`/v1/runs/${body.name}`, 'CREATING')
  gate.resolve()
  const { text, body: ended } = await app.reach(`/v1/runs/${body.name}`, 'READY')
  t.true(text.includes('"input":{"a":1.0}') && text.includes('"output":{"a":1.0}'), text)
  t.like(ended, { tags: [{ key: 'k', value: 'v' }], executedTime: body.executedTime, functionId: body.functionId })
})

test('an engine without room fails no run: they wait, and end in order', async t => {
  const answered: string[] = []
  let refusals = 0
  const app = await createReady(t, async ({ payloadJson }) => {
    if (refusals++ < 20) throw new BusyError('all workers are busy', 0.01)
    answered.push(payloadJson)
    return answer(payloadJson)
  })
  const names: string[] = []
  for (let input = 0; input < 5; input += 1) names.push(await post(app, { input }))
  for (const name of names) await app.reach(`/v1/runs/${name}`, 'READY')
  t.is(answered.length, 5)
})

test('a caller that waits is told 429 and when to come back, and nothing is recorded', async t => {
  const app = await createReady(t, () => Promise.reject(new BusyError('100 calls of fn wait already', 3)))
  const refused = await app.call('POST', url, { blocking: true })
  t.deepEqual([refused.status, refused.headers['retry-after']], [429, '3'])
  t.is(refused.body.message, '100 calls of fn wait already; try again in 3 s')
  t.deepEqual((await app.call('GET', url)).body, [])
})

test('beyond the bound of waiting runs the answer is 429, and nothing is recorded', async t => {
  const app = await createHeld(t, { maxWaitingRuns: 3 })
  const answers = await Promise.all(Array.from({ length: 20 }, () => app.call('POST', url, {})))
  const accepted = answers.filter(({ status }) => status === 202)
  const refused = answers.filter(({ status }) => status === 429)
  t.is(accepted.length + refused.length, 20)
  t.true(refused.length > 0 && accepted.length >= 3)
  t.regex(refused[0]?.body.message, /^3 runs wait already; try again in \d+ s$/)
  t.is((await app.call('GET', url)).body.length, accepted.length)
})

test('functions whose runs never end hold up no other function', async t => {
  const gate = Promise.withResolvers<void>()
  const stuck = Array.from({ length: 8 }, (_, index) => `stuck${index}`)
  const never = () => gate.promise.then(() => answer('1'))
  const app = await createTestApp(t, Object.fromEntries(stuck.map(name => [name, never])))
  t.teardown(() => gate.resolve())
  await seed(app)
  const create = async (name: string) => {
    await app.call('POST', '/v1/function', { name, image: 'python3', source })
    await app.reach(`/v1/function/${name}`, 'READY')
  }
  await Promise.all([...stuck, 'fn'].map(create))
  for (const name of stuck)
    for (let count = 0; count < 8; count += 1) await app.call('POST', `/v1/runs?functionName=${name}`, {})
  await until('64 are under way', async () => app.execution.invocations.length === 64)
  const { body } = await app.reach(`/v1/runs/${await post(app, { input: 'ninth' })}`, 'READY')
  t.is(body.output, 'ninth')
})

test('no more runs are begun than the function answers at once, and the time of each begins with its call', async t => {
  const [first, others] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const script: Script = ({ payloadJson }) => (payloadJson === '0' ? first : others).promise.then(() => answer('1'))
  const app = await createReady(t, script)
  t.teardown(() => [first, others].map(({ resolve }) => resolve()))
  await app.call('PUT', '/v1/function/fn', { name: 'fn', image: 'python3', source, concurrency: 2, timeout: 60_000 })
  await app.reach('/v1/function/fn', 'READY')
  const names: string[] = []
  for (let input = 0; input < 5; input += 1) names.push(await post(app, { input }))
  await until('two are begun', async () => app.execution.invocations.length >= 2)
  const statuses = async () => Promise.all(names.map(async name => (await read(app.store, name)).status))
  t.deepEqual(await statuses(), [...Array(2).fill('CREATING'), ...Array(3).fill('INITIALIZED')])
  // The server's clock and this one may be some ms apart.
  const acceptedMs = Date.now()
  await until('a while has passed since', async () => Date.now() > acceptedMs + 200)
  first.resolve()
  await until('the third is begun', async () => app.execution.invocations.length === 3)
  t.true((app.execution.invocations[2]?.deadlineMs ?? 0) >= acceptedMs + 60_000 + 100)
  t.deepEqual(await statuses(), ['READY', 'CREATING', 'CREATING', 'INITIALIZED', 'INITIALIZED'])
})

test('after a crash what was not begun runs, and what was begun is reported and not run again', async t => {
  const store = createMemoryStore()
  // 8 of one function are under way at once; the first life never ends.
  const first = await createHeld(t, { store })
  const names: string[] = []
  for (let input = 0; input < 12; input += 1) names.push(await post(first, { input }))
  await until('8 are begun', async () => first.execution.invocations.length === 8)
  const inputs: string[] = []
  const second = await createTestApp(
    t,
    { fn: ({ payloadJson }) => answer(String(inputs.push(payloadJson))) },
    // The first life is never over: with a Docker of its own it would take the images back again and again.
    { store, fakeDocker: first.docker },
  )
  for (const name of names.slice(8)) await second.reach(`/v1/runs/${name}`, 'READY')
  t.deepEqual(inputs, ['8', '9', '10', '11'])
  for (const name of names.slice(0, 8))
    t.like(await read(store, name), { status: 'ERROR', error: { type: 'SystemError' } })
  t.deepEqual([await store.runs.waiting(), await store.runs.begun(9)], [[], []])
})

test('a stop leaves what is not begun for the next start', async t => {
  const gate = Promise.withResolvers<void>()
  const store = createMemoryStore()
  const app = await createReady(t, () => gate.promise.then(() => answer('1')), { store })
  const names: string[] = []
  for (let input = 0; input < 10; input += 1) names.push(await post(app, { input }))
  await until('8 are begun', async () => app.execution.invocations.length === 8)
  const drained = app.app.drain()
  gate.resolve()
  await drained
  const statuses = await Promise.all(names.map(async name => (await read(store, name)).status))
  t.deepEqual(statuses, [...Array(8).fill('READY'), 'INITIALIZED', 'INITIALIZED'])
})

test('the runs that wait for a function go with it, and none of them is run for its successor', async t => {
  const gate = Promise.withResolvers<void>()
  const app = await createReady(t, () => gate.promise.then(() => answer('1')))
  for (let input = 0; input < 12; input += 1) await post(app, { input })
  await until('8 are begun', async () => app.execution.invocations.length === 8)
  await app.call('DELETE', '/v1/function/fn')
  gate.resolve()
  await until('the name is free', async () => {
    const { status } = await app.call('POST', '/v1/function', { name: 'fn', image: 'python3', source })
    return status === 201
  })
  await app.reach('/v1/function/fn', 'READY')
  const name = await post(app, { input: 'new' })
  await app.reach(`/v1/runs/${name}`, 'READY')
  t.is(app.execution.invocations.length, 9)
  t.deepEqual(
    (await app.call('GET', '/v1/runs')).body.map((run: { name: string }) => run.name),
    [name],
  )
})

test('while the disk is full runs wait, and what became of them is kept', async t => {
  const store = createMemoryStore()
  const seen: string[] = []
  let isFull = false
  const put: Store['runs']['put'] = run => {
    if (isFull) seen.push(run.status)
    return isFull ? Promise.reject(new Error('the disk is full')) : store.runs.put(run)
  }
  let calls = 0
  const script: Script = () => {
    isFull = true
    calls += 1
    if (calls === 1) throw new BusyError('busy', 0.01)
    return answer('1')
  }
  const app = await createReady(t, script, { store: { ...store, runs: { ...store.runs, put } } })
  const name = await post(app)
  for (const status of ['INITIALIZED', 'READY']) {
    await until(`${status} could not be stored`, async () => seen.includes(status))
    t.is((await read(store, name)).status, 'CREATING')
    isFull = false
  }
  await app.reach(`/v1/runs/${name}`, 'READY')
  t.is(calls, 2)
})
