/** The limits of a function belong to each of its versions: a call has those of the version that answers it. */
import test, { type ExecutionContext } from 'ava'
import type { FunctionLimits } from '../../../../server/core/execution.ts'
import type { FunctionEntity } from '../../../../server/functions/schema.ts'
import { answer } from '../../../helpers/fake-execution.ts'
import { createTestApp, seed } from '../../../helpers/test-app.ts'

const source =
  'H4sIAAAAAAACA+3NsQqDQBCE4a19ii0NBFnJxcK3OXInFiLHRYu8fQ4bwT4S8P+aGaaZoUkf+TErOue2LI5p9nB73/bu6VpRkxOs78XncinXFOKgo5/DFOvXPd36SjXHZc2zpkoAAAAAAAAAAAAAAAAAAH/rC7KMCE8AKAAA'
const fn = { name: 'fn', image: 'python3', source, memory: 64, concurrency: 2 }
const given = { memoryBytes: 64 * 1024 * 1024, concurrency: 2 }

async function createStage(t: ExecutionContext) {
  const seen: FunctionLimits[] = []
  const see = (_: unknown, { limits }: { limits: FunctionLimits }) => {
    seen.push(limits)
    return answer('1')
  }
  const app = await createTestApp(t, { fn: see })
  await seed(app)
  await app.call('POST', '/v1/function', fn)
  await app.reach('/v1/function/fn', 'READY')
  const run = async () => {
    t.is((await app.call('POST', '/v1/runs?functionName=fn', { blocking: true })).status, 200)
    return seen.at(-1)
  }
  return { ...app, run }
}

test('a failed update leaves the version that goes on answering its limits', async t => {
  const { call, reach, run } = await createStage(t)
  t.deepEqual(await run(), given)
  await call('PUT', '/v1/function/fn', { ...fn, handler: 'missing', memory: 16, cpu: 0.01, network: 'egress' })
  const { body } = await reach('/v1/function/fn', 'ERROR')
  t.like(body, { memory: 16, cpu: 0.01, concurrency: 2, network: 'egress' })
  t.deepEqual(await run(), given)
  await call('PUT', '/v1/function/fn', { name: 'fn', image: 'python3', source, network: 'none' })
  await reach('/v1/function/fn', 'READY')
  t.deepEqual(await run(), { network: 'none' })
})

test('versions that were stored without limits of their own have those of their function', async t => {
  const { call, store, run } = await createStage(t)
  const functions = store.collection<FunctionEntity>('Function')
  const entity = await functions.get('dispatch', 'fn')
  if (!entity?.active) return t.fail('the function is not READY')
  const { limits, ...wanted } = entity.wanted
  const { limits: _, ...active } = entity.active
  await functions.update({ ...entity, wanted, active, ...(limits && { limits }) })
  t.deepEqual(await run(), given)
  t.like((await call('GET', '/v1/function/fn')).body, { memory: 64, concurrency: 2 })
})
