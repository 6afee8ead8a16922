/** Secrets, timeout and schemas belong to each version of a function: a call has those of the version that answers it. */
import test, { type ExecutionContext } from 'ava'
import { createEntity } from '../../../../server/core/entity.ts'
import type { FunctionEntity, FunctionVersion } from '../../../../server/functions/schema.ts'
import type { Secret } from '../../../../server/secrets/schema.ts'
import { createClock, createIds } from '../../../../server/system.ts'
import { answer } from '../../../helpers/fake-execution.ts'
import { createTestApp, seed } from '../../../helpers/test-app.ts'

const source =
  'H4sIAAAAAAACA+3NsQqDQBCE4a19ii0NBFnJxcK3OXInFiLHRYu8fQ4bwT4S8P+aGaaZoUkf+TErOue2LI5p9nB73/bu6VpRkxOs78XncinXFOKgo5/DFOvXPd36SjXHZc2zpkoAAAAAAAAAAAAAAAAAAH/rC7KMCE8AKAAA'
const code = { name: 'fn', image: 'python3', source }
const number = { type: 'number' }
const string = { type: 'string' }
const first = { secrets: ['one'], timeout: 1_000_000, schema: { in: number, out: number } }
const second = { secrets: ['two'], timeout: 9_000_000, schema: { in: string, out: string } }

/** What a call was given, or why it was refused. */
interface Seen {
  secrets?: Record<string, string>
  minutes?: number
  error?: string
}

const ofFirst: Seen[] = [{ secrets: { of: 'one' }, minutes: 17 }, { error: 'InputError' }, { error: 'FunctionError' }]
const ofSecond: Seen[] = [{ error: 'InputError' }, { secrets: { of: 'two' }, minutes: 150 }, { error: 'InputError' }]

async function createStage(t: ExecutionContext) {
  const app = await createTestApp(t, {
    fn: ({ payloadJson }) => answer(payloadJson === '0' ? '"not a number"' : payloadJson),
  })
  const { call, reach, execution, store } = app
  await seed(app)
  const secrets = store.collection<Secret>('Secret')
  for (const name of ['one', 'two']) {
    const entity = createEntity('dispatch', { name }, { ...createClock(), ...createIds() })
    await secrets.create({ ...entity, values: { of: name } })
  }
  await call('POST', '/v1/function', { ...code, ...first })
  await reach('/v1/function/fn', 'READY')
  const see = async (input: unknown): Promise<Seen> => {
    const { body } = await call('POST', '/v1/runs?functionName=fn', { blocking: true, input })
    if (body.error) return { error: body.error.type }
    const { contextJson, deadlineMs = 0 } = execution.invocations.at(-1) ?? {}
    const minutes = Math.round((deadlineMs - body.executedTime / 1e6) / 60_000)
    return { secrets: JSON.parse(contextJson ?? '{}').secrets, minutes }
  }
  return { ...app, seeAll: async () => [await see(1), await see('a'), await see(0)] }
}

test('a failed update leaves the version that goes on answering its secrets, timeout and schemas', async t => {
  const { call, reach, seeAll } = await createStage(t)
  t.deepEqual(await seeAll(), ofFirst)
  await call('PUT', '/v1/function/fn', { ...code, ...second, handler: 'missing' })
  t.like((await reach('/v1/function/fn', 'ERROR')).body, second)
  t.deepEqual(await seeAll(), ofFirst)
  await call('PUT', '/v1/function/fn', { ...code, ...second })
  t.like((await reach('/v1/function/fn', 'READY')).body, second)
  t.deepEqual(await seeAll(), ofSecond)
})

test('a function tells which version goes on answering in ERROR, and only then', async t => {
  const { call, reach } = await createStage(t)
  const before = (await call('GET', '/v1/function/fn')).body
  t.false('activeFaasId' in before)
  t.false('activeFaasId' in (await call('PUT', '/v1/function/fn', { ...code, handler: 'missing' })).body)
  const failed = (await reach('/v1/function/fn', 'ERROR')).body
  t.is(failed.activeFaasId, before.faasId)
  t.not(failed.faasId, before.faasId)
  await call('PUT', '/v1/function/fn', code)
  t.false('activeFaasId' in (await reach('/v1/function/fn', 'READY')).body)
  await call('POST', '/v1/function', { ...code, name: 'never', handler: 'missing' })
  t.false('activeFaasId' in (await reach('/v1/function/never', 'ERROR')).body)
})

test('a change of nothing else is a version of its own', async t => {
  const { call, reach, seeAll } = await createStage(t)
  const before = (await call('GET', '/v1/function/fn')).body.faasId
  const { body } = await call('PUT', '/v1/function/fn', { ...code, ...second })
  t.like(body, { ...second, status: 'UPDATING' })
  t.not(body.faasId, before)
  await reach('/v1/function/fn', 'READY')
  t.deepEqual(await seeAll(), ofSecond)
})

test('versions that were stored without any of their own have those of their function, until they are replaced', async t => {
  const { call, reach, store, seeAll } = await createStage(t)
  const functions = store.collection<FunctionEntity>('Function')
  const entity = await functions.get('dispatch', 'fn')
  if (!entity?.active) return t.fail('the function is not READY')
  const without = <T extends FunctionVersion>({ terms: _, ...version }: T) => version
  const { wanted, active } = entity
  await functions.update({ ...entity, wanted: without(wanted), active: without(active), ...wanted.terms })
  t.like((await call('GET', '/v1/function/fn')).body, first)
  t.deepEqual(await seeAll(), ofFirst)
  await call('PUT', '/v1/function/fn', { ...code, ...second, handler: 'missing' })
  await reach('/v1/function/fn', 'ERROR')
  t.deepEqual(await seeAll(), ofFirst)
  await call('PUT', '/v1/function/fn', code)
  t.like((await reach('/v1/function/fn', 'READY')).body, {
    secrets: null,
    timeout: undefined,
    schema: { in: null, out: null },
  })
  t.like((await seeAll())[1], { secrets: {} })
})
