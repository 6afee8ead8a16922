/** Secrets as stored resources; each test of a defect of the original says which one it was. */
import test from 'ava'
import { createTestApp } from '../../../helpers/test-app.ts'

const url = '/v1/secret'
const secret = (fields: object = {}) => ({ name: 'db', secrets: { user: 'u', password: 'p' }, ...fields })
const other = { 'x-dispatch-org': 'other' }

test('a secret is added, got, replaced as a whole, and deleted with an answer that has no body', async t => {
  const { call } = await createTestApp(t)
  const created = await call('POST', url, secret({ kind: 'Anything', tags: [{ key: 'role', value: 'test' }] }))
  const { id } = created.body
  const expected = {
    id,
    kind: 'Secret',
    name: 'db',
    secrets: { user: 'u', password: 'p' },
    tags: [{ key: 'role', value: 'test' }],
  }
  t.like(created, { status: 201, body: expected })
  t.like(await call('GET', `${url}/db`), { status: 200, body: expected })
  const replaced = await call('PUT', `${url}/db`, secret({ secrets: { token: 't' } }))
  t.is(replaced.status, 201)
  t.deepEqual(replaced.body, { id, kind: 'Secret', name: 'db', secrets: { token: 't' }, tags: null })
  t.deepEqual((await call('GET', url)).body, [replaced.body])
  const deleted = await call('DELETE', `${url}/db`)
  t.deepEqual([deleted.status, deleted.text, deleted.headers['content-type']], [204, '', undefined])
  t.is((await call('GET', `${url}/db`)).status, 404)
  t.is((await call('POST', url, secret())).status, 201)
})

test('a secret without values has none in the answer', async t => {
  const { call } = await createTestApp(t)
  for (const secrets of [undefined, null, {}]) {
    t.is((await call('POST', url, { name: 'empty', secrets })).status, 201)
    t.deepEqual(Object.keys((await call('GET', `${url}/empty`)).body), ['id', 'kind', 'name', 'tags'])
    t.is((await call('DELETE', `${url}/empty`)).status, 204)
  }
})

test('what cannot be: a taken name, a missing one, each in the words of clients', async t => {
  const { call } = await createTestApp(t)
  await call('POST', url, secret())
  t.like(await call('POST', url, secret()), {
    status: 409,
    body: { code: 409, message: 'secret db already exists' },
  })
  for (const [method, body] of [['GET'], ['PUT', secret({ name: 'nope' })], ['DELETE']] as const) {
    t.like(await call(method, `${url}/nope`, body), {
      status: 404,
      body: { code: 404, message: 'secret nope not found' },
    })
  }
})

test('defect "path ignored": a PUT changes the secret of its path, or none', async t => {
  const { call } = await createTestApp(t)
  await call('POST', url, secret())
  await call('POST', url, secret({ name: 'second' }))
  const refused = await call('PUT', `${url}/db`, secret({ name: 'second', secrets: { stolen: 'x' } }))
  t.like(refused, { status: 400, body: { code: 400 } })
  t.deepEqual((await call('GET', `${url}/second`)).body.secrets, { user: 'u', password: 'p' })
})

test('defect "tags dropped": a PUT sets the tags, and takes those away that it does not name', async t => {
  const { call } = await createTestApp(t)
  await call('POST', url, secret())
  const tags = [{ key: 'role', value: 'test' }]
  t.deepEqual((await call('PUT', `${url}/db`, secret({ tags }))).body.tags, tags)
  t.deepEqual((await call('GET', `${url}/db`)).body.tags, tags)
  t.is((await call('PUT', `${url}/db`, secret())).body.tags, null)
})

test('defect "tags filter silently ignored": the list holds what carries all of them', async t => {
  const { call } = await createTestApp(t)
  const tag = (key: string, value: string) => ({ key, value })
  await call('POST', url, secret({ name: 'a', tags: [tag('role', 'test')] }))
  await call('POST', url, secret({ name: 'b', tags: [tag('role', 'test'), tag('team', 'x')] }))
  await call('POST', url, secret({ name: 'c' }))
  const names = async (query: string) =>
    (await call('GET', url + query)).body.map((each: { name: string }) => each.name)
  t.deepEqual(await names(''), ['a', 'b', 'c'])
  t.deepEqual(await names('?tags=role'), ['a', 'b'])
  t.deepEqual(await names('?tags=role%3Dtest&tags=team'), ['b'])
  t.deepEqual(await names('?tags=role%3Dother'), [])
})

test('defect "other organizations included": nobody sees, changes or deletes a secret of another one', async t => {
  const { call } = await createTestApp(t)
  await call('POST', url, secret())
  t.deepEqual((await call('GET', url, undefined, other)).body, [])
  t.is((await call('GET', `${url}/db`, undefined, other)).status, 404)
  t.is((await call('PUT', `${url}/db`, secret(), other)).status, 404)
  t.is((await call('DELETE', `${url}/db`, undefined, other)).status, 404)
  t.is((await call('POST', url, secret({ secrets: { o: 'o' } }), other)).status, 201)
  t.deepEqual((await call('GET', `${url}/db`)).body.secrets, { user: 'u', password: 'p' })
})

test('of many changes at once none is lost or refused', async t => {
  const { call } = await createTestApp(t)
  await call('POST', url, secret())
  const puts = Array.from({ length: 8 }, (_, index) =>
    call('PUT', `${url}/db`, secret({ secrets: { n: String(index) } })),
  )
  t.deepEqual([...new Set((await Promise.all(puts)).map(({ status }) => status))], [201])
})

test('what a client got can be sent back as it is', async t => {
  const { call } = await createTestApp(t)
  await call('POST', url, secret({ tags: [{ key: 'k' }] }))
  const { body } = await call('GET', `${url}/db`)
  t.deepEqual((await call('PUT', `${url}/db`, body)).body, body)
})
