/** The code of functions: stored once, there for as long as it is used, and not left behind, whenever the server stops. */
import test from 'ava'
import { dispatchError } from '../../../../server/core/errors.ts'
import { sha256Of } from '../../../../server/functions/revision.ts'
import type { FunctionEntity, SourceEntity } from '../../../../server/functions/schema.ts'
import { createMemoryStore } from '../../../../server/store/memory.ts'
import type { Store } from '../../../../server/store/port.ts'
import { archiveOf } from '../../../helpers/archive.ts'
import { createTestApp, seed, type TestApp } from '../../../helpers/test-app.ts'
import { until } from '../../../helpers/wait.ts'

const code = async (text: string): Promise<string> =>
  (await archiveOf([{ name: './handler.py', content: `# ${text}\n` }])).toString('base64')
const [one, two] = await Promise.all([code('one'), code('two')])
const bodyOf = (name: string, source: string) => ({ name, image: 'python3', source })
const sourcesOf = (store: Store) => store.collection<SourceEntity>('Source')
const functionsOf = (store: Store) => store.collection<FunctionEntity>('Function')
const namesOf = async (store: Store): Promise<string[]> => (await sourcesOf(store).list()).map(({ name }) => name)

/** Two servers on one store would undo each other's work. */
async function createStoppable(store: Store) {
  const stops: (() => unknown)[] = []
  const app = await createTestApp({ teardown: stop => void stops.push(stop) }, {}, { store })
  const stop = async (): Promise<void> => {
    for (const each of stops.splice(0)) await each()
  }
  return { app, stop }
}

async function createFunction(app: TestApp, name: string, source = one): Promise<void> {
  await app.call('POST', '/v1/function', bodyOf(name, source))
  await app.reach(`/v1/function/${name}`, 'READY')
}

test('the same code is stored once in an organization, under its hash, until its last function is gone', async t => {
  const app = await createTestApp(t)
  await seed(app)
  const { store, call } = app
  for (const name of ['a', 'b']) await createFunction(app, name)
  t.deepEqual(await namesOf(store), [sha256Of(one)])
  const other = { 'x-dispatch-org': 'other' }
  await call('POST', '/v1/function', bodyOf('a', one), other)
  t.is((await namesOf(store)).length, 2)
  await call('DELETE', '/v1/function/a', undefined, other)
  await call('PUT', '/v1/function/a', bodyOf('a', two))
  await app.reach('/v1/function/a', 'READY')
  await until('both are there', async () => (await namesOf(store)).join() === [one, two].map(sha256Of).sort().join())
  await call('DELETE', '/v1/function/b')
  await until('the code of the other version is there', async () => (await namesOf(store)).join() === sha256Of(two))
  await call('DELETE', '/v1/function/a')
  await until('no code is left', async () => (await namesOf(store)).length === 0)
  t.pass()
})

test('code that goes with its last function while another one is made from it is there for that one', async t => {
  const store = createMemoryStore()
  const gate = Promise.withResolvers<void>()
  let isHeld = false
  const collection: Store['collection'] = kind => {
    const entities = store.collection<never>(kind)
    const create: typeof entities.create = async entity => {
      isHeld = (entity as { name: string }).name === 'next'
      if (isHeld) await gate.promise
      return entities.create(entity)
    }
    return kind === 'Function' ? { ...entities, create } : entities
  }
  const app = await createTestApp(t, {}, { store: { ...store, collection } })
  await seed(app)
  await createFunction(app, 'fn')
  const made = app.call('POST', '/v1/function', bodyOf('next', one))
  await until('the code of the next one is stored', async () => isHeld)
  await app.call('DELETE', '/v1/function/fn')
  await until('the former one is gone', async () => !(await functionsOf(store).get('dispatch', 'fn')))
  gate.resolve()
  t.is((await made).status, 201)
  await app.reach('/v1/function/next', 'READY')
  t.deepEqual(await namesOf(store), [sha256Of(one)])
})

test('a start removes the code that no function uses, and no other', async t => {
  const store = createMemoryStore()
  const first = await createTestApp(t, {}, { store })
  await first.call('POST', '/v1/function', bodyOf('fn', one))
  const [owned] = await sourcesOf(store).list()
  if (!owned) return t.fail()
  await sourcesOf(store).create({ ...owned, name: sha256Of(two) })
  await sourcesOf(store).create({ ...owned, org: 'other' })
  await createTestApp(t, {}, { store })
  t.deepEqual(await sourcesOf(store).keys(), [{ org: 'dispatch', name: owned.name }])
})

test('code that was stored under names of its own is stored by its hash after a start, and goes on working', async t => {
  const store = createMemoryStore()
  const { app: first, stop } = await createStoppable(store)
  await seed(first)
  for (const name of ['a', 'b']) {
    await createFunction(first, name)
    const entity = await functionsOf(store).get('dispatch', name)
    const source = await sourcesOf(first.store).get('dispatch', sha256Of(one))
    if (!entity?.active || !source) return t.fail()
    const old = { sourceUrl: `es://old-${name}` }
    const { sourceSha256: _, ...wanted } = { ...entity.wanted, ...old }
    const active = { ...entity.active, ...old }
    await sourcesOf(first.store).create({ ...source, name: `old-${name}` })
    await functionsOf(store).update({ ...entity, wanted, active, sourceNames: [`old-${name}`] })
  }
  await stop()
  const { call, reach, execution } = await createTestApp(t, {}, { store })
  t.deepEqual(
    (await sourcesOf(store).keys()).map(({ name }) => name),
    [sha256Of(one)],
  )
  for (const name of ['a', 'b']) {
    const { body } = await call('GET', `/v1/function/${name}`)
    t.like(body, { status: 'READY', sourceSha256: sha256Of(one) })
    await call('PUT', `/v1/function/${name}`, { name, image: 'python3', keepSource: true })
    t.truthy(execution.loaded.get((await reach(`/v1/function/${name}`, 'READY')).body.faasId))
  }
})

test('a full disk is told of the function, though its code cannot be removed either', async t => {
  const store = createMemoryStore()
  const full = (kind: string) => () => Promise.reject(dispatchError('DISK_FULL', { kind, name: 'fn' }))
  const collection: Store['collection'] = kind => {
    const entities = store.collection<never>(kind)
    if (kind === 'Source') return { ...entities, remove: full('source') }
    return kind === 'Function' ? { ...entities, create: full('function') } : entities
  }
  const { call } = await createTestApp(t, {}, { store: { ...store, collection } })
  const { status, body: answer } = await call('POST', '/v1/function', bodyOf('fn', one))
  t.is(status, 507)
  t.regex(answer.message, /^function fn could not be stored/)
})

/** Takes so many writes of functions and their code; then it is as if the process had been killed. */
function mortalStore(store: Store, writes: number) {
  let left = writes
  const died = Promise.withResolvers<void>()
  const mortal = <Arguments extends unknown[], Result>(write: (...given: Arguments) => Promise<Result>) => {
    return (...given: Arguments): Promise<Result> => {
      left -= 1
      if (left >= 0) return write(...given)
      died.resolve()
      return Promise.reject(new Error('killed'))
    }
  }
  const collection: Store['collection'] = kind => {
    const entities = store.collection<never>(kind)
    if (kind !== 'Source' && kind !== 'Function') return entities
    const { create, update, remove } = entities
    return { ...entities, create: mortal(create), update: mortal(update), remove: mortal(remove) }
  }
  return { store: { ...store, collection }, died: died.promise, isDead: () => left < 0 }
}

async function changeMuch({ call, reach }: TestApp): Promise<void> {
  const ready = (name: string) => reach(`/v1/function/${name}`, 'READY')
  await call('POST', '/v1/function', bodyOf('a', one))
  await call('POST', '/v1/function', bodyOf('b', one))
  await Promise.all([ready('a'), ready('b')])
  await call('PUT', '/v1/function/a', bodyOf('a', two))
  await Promise.all([ready('a'), call('DELETE', '/v1/function/b')])
  await call('POST', '/v1/function', bodyOf('c', one))
  await ready('c')
  await call('DELETE', '/v1/function/a')
}

test('wherever the server is killed, no function is without its code and no code without a function', async t => {
  for (let writes = 0, isOver = false; !isOver; writes += 1) {
    const store = createMemoryStore()
    const mortal = mortalStore(store, writes)
    const { app, stop } = await createStoppable(mortal.store)
    await seed(app)
    await Promise.race([changeMuch(app).catch(() => undefined), mortal.died])
    isOver = !mortal.isDead()
    await stop()
    await (await createStoppable(store)).stop()
    const used = (await functionsOf(store).list()).filter(({ status }) => status !== 'DELETING')
    const names = new Set(await namesOf(store))
    for (const { wanted } of used) t.true(names.has(wanted.sourceUrl.slice('es://'.length)), `${writes} writes`)
    const usedNames = new Set((await functionsOf(store).list()).flatMap(({ sourceNames }) => sourceNames))
    t.deepEqual(
      [...names].filter(name => !usedNames.has(name)),
      [],
      `${writes} writes`,
    )
    t.true(writes < 100)
  }
})
