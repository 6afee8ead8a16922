/** A PUT may leave the code as it is: clients get a function without its code, and could not send it back. */
import { createHash } from 'node:crypto'
import test from 'ava'
import type { FunctionEntity, SourceEntity } from '../../../../server/functions/schema.ts'
import { tryCode } from '../../../helpers/fake-execution.ts'
import { createTestApp, seed } from '../../../helpers/test-app.ts'

const source =
  'H4sIAAAAAAACA+3NsQqDQBCE4a19ii0NBFnJxcK3OXInFiLHRYu8fQ4bwT4S8P+aGaaZoUkf+TErOue2LI5p9nB73/bu6VpRkxOs78XncinXFOKgo5/DFOvXPd36SjXHZc2zpkoAAAAAAAAAAAAAAAAAAH/rC7KMCE8AKAAA'
const withoutCode = { name: 'fn', image: 'python3', timeout: 500 }
const kept = { ...withoutCode, keepSource: true }

test('with keepSource the stored code stays and is unpacked for the new version', async t => {
  const app = await createTestApp(t)
  await seed(app)
  const { call, reach, store, execution } = app
  await call('POST', '/v1/function', { ...withoutCode, source, timeout: 1 })
  const before = (await reach('/v1/function/fn', 'READY')).body
  t.like(await call('PUT', '/v1/function/fn', kept), { status: 200, body: { timeout: 500, status: 'UPDATING' } })
  const { body } = await reach('/v1/function/fn', 'READY')
  t.not(body.faasId, before.faasId)
  const revision = execution.loaded.get(body.faasId)
  await t.notThrowsAsync(async () => revision && tryCode(revision))
  t.truthy(revision)
  const entity = await store.collection<FunctionEntity>('Function').get('dispatch', 'fn')
  t.deepEqual(
    (await store.collection<SourceEntity>('Source').list('dispatch')).map(({ name }) => `es://${name}`),
    [entity?.wanted.sourceUrl],
  )
})

test('a function tells the hash of its code, which stays with the code', async t => {
  const { call } = await createTestApp(t)
  const sha256Of = (base64: string) => createHash('sha256').update(Buffer.from(base64, 'base64')).digest('hex')
  const put = async (body: object) => (await call('PUT', '/v1/function/fn', { ...withoutCode, ...body })).body
  t.is((await call('POST', '/v1/function', { ...withoutCode, source })).body.sourceSha256, sha256Of(source))
  t.is((await put(kept)).sourceSha256, sha256Of(source))
  t.is((await put({ source: 'AAAA' })).sourceSha256, sha256Of('AAAA'))
  t.is((await call('GET', '/v1/function/fn')).body.sourceSha256, sha256Of('AAAA'))
  t.false('sourceSha256' in (await put({ sourceURL: 'http://example.com/code' })))
})

test('code that is sent counts; without keepSource it must be sent', async t => {
  const app = await createTestApp(t)
  await seed(app)
  await app.call('POST', '/v1/function', { ...withoutCode, source })
  await app.reach('/v1/function/fn', 'READY')
  const refusal = { status: 400, body: { code: 400, message: 'either source or sourceURL must be specified' } }
  t.like(await app.call('PUT', '/v1/function/fn', withoutCode), refusal)
  t.like(await app.call('PUT', '/v1/function/fn', { ...kept, keepSource: false }), refusal)
  t.like(await app.call('POST', '/v1/function', { ...kept, name: 'new' }), refusal)
  t.like(await app.call('PUT', '/v1/function/fn', { ...kept, source: 'AAAA' }), { status: 200 })
  t.regex((await app.reach('/v1/function/fn', 'ERROR')).body.reason[0], /not a gzipped tar/)
})
