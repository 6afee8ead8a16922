/** API tokens by the REST API of a server that asks who calls it. */
import test, { type ExecutionContext } from 'ava'
import { givePolicy, giveToken } from '../helpers/credentials.ts'
import { createTestApp } from '../helpers/test-app.ts'

/** With a user that may do everything in the organization dispatch. */
async function createGuarded(t: ExecutionContext) {
  const testApp = await createTestApp(t, {}, { auth: 'required' })
  const { store, call } = testApp
  await givePolicy(store, { subjects: ['jon'] })
  const jon = await giveToken(store, { subject: 'jon' })
  const create = async (body: object) => {
    const { body: created } = await call('POST', '/v1/iam/token', body, jon)
    return { created, headers: { authorization: `Bearer ${created.token}` } }
  }
  return { ...testApp, jon, create }
}

test('who shows no credential, or any, is refused', async t => {
  const { call } = await createGuarded(t)
  for (const headers of [
    { cookie: '' },
    { cookie: 'cookie' },
    { cookie: 'dst_wrong' },
    { authorization: 'Bearer dst_wrong' },
  ]) {
    const { status, body } = await call('GET', '/v1/function', undefined, headers)
    t.deepEqual([status, body], [401, { code: 401, message: 'unauthenticated for invalid credentials' }])
  }
})

test('a token is shown once, and acts for who created it', async t => {
  const { call, create } = await createGuarded(t)
  const { created, headers } = await create({ name: 'ci' })
  t.regex(created.token, /^dst_[\w-]{43}$/)
  t.like(created, { kind: 'Token', name: 'ci', subject: 'jon', scope: null, expiresTime: null, lastUsedTime: null })
  t.is((await call('GET', '/v1/function', undefined, headers)).status, 200)
  t.is((await call('GET', '/v1/function', undefined, { cookie: created.token })).status, 200)
  const { body, text } = await call('GET', '/v1/iam/token/ci', undefined, headers)
  t.like(body, { name: 'ci', subject: 'jon' })
  t.false(text.includes(created.token))
})
