/** What functions use now: those of one organization that have a container. */
import test from 'ava'
import { createTestApp, seed } from '../../../helpers/test-app.ts'

const source =
  'H4sIAAAAAAACA+3NsQqDQBCE4a19ii0NBFnJxcK3OXInFiLHRYu8fQ4bwT4S8P+aGaaZoUkf+TErOue2LI5p9nB73/bu6VpRkxOs78XncinXFOKgo5/DFOvXPd36SjXHZc2zpkoAAAAAAAAAAAAAAAAAAH/rC7KMCE8AKAAA'

test('functions of the organization that have a container, with their memory where it is known', async t => {
  const app = await createTestApp(t)
  await seed(app)
  t.deepEqual((await app.call('GET', '/v1/usage')).body, [])
  await app.call('POST', '/v1/function', { name: 'fn', image: 'python3', source })
  const { faasId } = (await app.reach('/v1/function/fn', 'READY')).body
  const used = { name: 'fn', faasId, workers: 1, underWay: 0, waiting: 0 }
  t.deepEqual((await app.call('GET', '/v1/usage')).body, [{ ...used, memoryBytes: 20 * 1024 ** 2 }])
  t.deepEqual((await app.call('GET', '/v1/usage', undefined, { 'x-dispatch-org': 'other' })).body, [])
  app.execution.memoryOf = () => Promise.reject(new Error('Docker is away'))
  t.deepEqual((await app.call('GET', '/v1/usage')).body, [used])
})
