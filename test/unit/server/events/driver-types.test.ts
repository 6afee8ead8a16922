/** Event driver types through REST: usable at once, replaced as a whole, gone at once. */
import test from 'ava'
import { createTestApp } from '../../../helpers/test-app.ts'

const collection = '/v1/event/drivertypes'
const item = `${collection}/beacon`
const body = (fields: object = {}) => ({ name: 'beacon', image: 'me/beacon:1', ...fields })

test('a driver type is answered without id and status, `expose` always', async t => {
  const { call } = await createTestApp(t)
  const config = [
    { key: 'a', value: '1' },
    { key: 'a', value: '2' },
  ]
  const created = await call('POST', collection, body({ config }))
  t.is(created.status, 201)
  const { 'created-time': createdTime, 'modified-time': modifiedTime, ...fields } = created.body
  const kept = [{ key: 'a', value: '2' }]
  t.deepEqual(fields, { ...body(), config: kept, expose: false, kind: 'DriverType', tags: null })
  t.true(Number.isSafeInteger(createdTime) && modifiedTime === createdTime)
  t.deepEqual((await call('GET', item)).body, created.body)
  t.deepEqual((await call('GET', collection)).body, [created.body])
  t.like(await call('POST', collection, body()), {
    status: 409,
    body: { code: 409, message: 'event driver type beacon already exists' },
  })
})

test('a PUT replaces image, config, expose and tags, and takes what was fetched', async t => {
  const { call } = await createTestApp(t)
  await call('POST', collection, body({ config: [{ key: 'a' }], tags: [{ key: 't' }] }))
  const updated = await call('PUT', item, body({ image: 'me/beacon:2', expose: true }))
  t.like(updated, { status: 200, body: { image: 'me/beacon:2', expose: true, config: null, tags: null } })
  const { body: fetched } = await call('GET', item)
  t.is((await call('PUT', item, fetched)).status, 200)
  t.is((await call('PUT', item, body({ name: 'else' }))).status, 400)
  t.like(await call('PUT', `${collection}/none`, body({ name: 'none' })), {
    status: 404,
    body: { message: 'event driver type none not found' },
  })
})

test('a deleted driver type is gone with the answer', async t => {
  const { call } = await createTestApp(t)
  const { body: created } = await call('POST', collection, body())
  t.like(await call('DELETE', item), { status: 200, body: created })
  t.is((await call('DELETE', item)).status, 404)
  t.is((await call('POST', collection, body())).status, 201)
})

test('defects of every list: organizations do not see each other, and tags narrow', async t => {
  const { call } = await createTestApp(t)
  await call('POST', collection, body({ tags: [{ key: 'a', value: '1' }] }))
  t.deepEqual((await call('GET', collection, undefined, { 'x-dispatch-org': 'other' })).body, [])
  t.is((await call('GET', `${collection}?tags=a=1`)).body.length, 1)
  t.is((await call('GET', `${collection}?tags=b`)).body.length, 0)
})
