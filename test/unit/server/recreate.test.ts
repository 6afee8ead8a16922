/** A name can be used again as soon as its deletion was answered, whatever the kind: the new one waits for the old one's end. */
import test, { type ExecutionContext } from 'ava'
import type { AppOptions } from '../../../server/app-options.ts'
import { createMemoryStore } from '../../../server/store/memory.ts'
import { answer } from '../../helpers/fake-execution.ts'
import { createTestApp, seed, type TestApp } from '../../helpers/test-app.ts'
import { until } from '../../helpers/wait.ts'

const source =
  'H4sIAAAAAAACA+3NsQqDQBCE4a19ii0NBFnJxcK3OXInFiLHRYu8fQ4bwT4S8P+aGaaZoUkf+TErOue2LI5p9nB73/bu6VpRkxOs78XncinXFOKgo5/DFOvXPd36SjXHZc2zpkoAAAAAAAAAAAAAAAAAAH/rC7KMCE8AKAAA'

interface Stage extends TestApp {
  /** Lets the removals go on that do not come about until then. */
  release(): void
  /** Resolves when a request waits for a removal. */
  untilOneWaits(): Promise<unknown>
}

/** Images cannot be removed, and calls do not end. */
async function createStage(t: ExecutionContext, options: Partial<AppOptions> = {}): Promise<Stage> {
  const gate = Promise.withResolvers<void>()
  t.teardown(() => gate.resolve())
  const store = createMemoryStore()
  let listeners = 0
  const onChange: typeof store.onChange = listener => {
    listeners += 1
    return store.onChange(listener)
  }
  const fn = async () => {
    await gate.promise
    return answer('1')
  }
  const app = await createTestApp(t, { fn }, { ...options, store: { ...store, onChange } })
  await seed(app)
  await app.call('POST', '/v1/function', { name: 'fn', image: 'python3', source })
  await app.reach('/v1/function/fn', 'READY')
  void app.call('POST', '/v1/runs?functionName=fn', { blocking: true })
  await until('the call is under way', async () => app.execution.invocations.length === 1)
  app.docker.down = true
  const before = listeners
  const release = () => {
    gate.resolve()
    app.docker.down = false
  }
  return { ...app, release, untilOneWaits: () => until('one waits', async () => listeners > before) }
}

const tags = [{ key: 'is', value: 'anew' }]
const kinds: [string, string, object][] = [
  ['baseimage', 'python3-base', { dockerUrl: 'dispatchframework/python3-base:2', language: 'python3' }],
  ['image', 'python3', { baseImageName: 'python3-base' }],
  ['function', 'fn', { image: 'nodejs', source }],
]

for (const [path, name, fields] of kinds) {
  const collection = `/v1/${path}`
  const item = `${collection}/${name}`
  const body = { name, tags, ...fields }

  test(`${path}: created again while the old one is being removed, it waits, and becomes READY`, async t => {
    const { call, reach, release, untilOneWaits } = await createStage(t)
    const old = await call('GET', item)
    t.is((await call('DELETE', item)).status, 200)
    t.is((await call('GET', item)).status, 404)
    const created = [call('POST', collection, body), call('POST', collection, body)]
    await untilOneWaits()
    release()
    const statuses = (await Promise.all(created)).map(({ status }) => status)
    t.deepEqual(statuses.toSorted(), [201, 409])
    const renewed = await reach(item, 'READY')
    t.deepEqual(renewed.body.tags, tags)
    t.not(renewed.body.id, old.body.id)
  })

  test(`${path}: what is not removed in time has its name still`, async t => {
    const { call, release } = await createStage(t, { maxRemovalWaitMs: 1 })
    await call('DELETE', item)
    t.is((await call('POST', collection, body)).status, 409)
    release()
    await until('the name is free', async () => (await call('POST', collection, body)).status === 201)
    t.is((await call('POST', collection, body)).status, 409)
  })
}
