/** Whatever comes in about secrets and APIs is taken or refused as the fault of the caller; the server stays as it was. */
import test from 'ava'
import fc from 'fast-check'
import { apiBody } from '../../server/apis/schema.ts'
import { secretBody } from '../../server/secrets/schema.ts'
import { createTestApp } from '../helpers/test-app.ts'

const names = fc.oneof(fc.constantFrom('a', 'b', '__proto__', 'constructor', 'toString', '-', '%00', '..'), fc.string())
const strange = fc.constantFrom<unknown>(null, '', [], {}, [null], { __proto__: null }, -1, 1e300, '\u0000', '../..')
const resources = [
  { collection: '/v1/secret', keys: Object.keys(secretBody.properties) },
  { collection: '/v1/api', keys: Object.keys(apiBody.properties) },
]

for (const { collection, keys } of resources) {
  const value = fc.oneof(strange, fc.jsonValue(), fc.array(fc.string()), fc.dictionary(names, fc.string()))
  const entity = fc.record({ name: names, function: fc.string() }, { requiredKeys: [] })
  const body = fc.oneof(
    fc.string(),
    fc.tuple(entity, fc.dictionary(fc.constantFrom(...keys, '__proto__', 'NAME'), value)).map(parts => {
      const [valid, rest] = parts
      return JSON.stringify({ ...rest, ...valid })
    }),
  )
  test(`no request to ${collection} makes the server fail`, async t => {
    const { call } = await createTestApp(t)
    const request = fc.tuple(fc.constantFrom('POST', 'PUT', 'GET', 'DELETE'), names, body, fc.string())
    await fc.assert(
      fc.asyncProperty(request, async ([method, name, payload, query]) => {
        const item = method === 'POST' ? '' : `/${encodeURIComponent(name)}`
        const url = `${collection}${item}?tags=${encodeURIComponent(query)}&function[]=${encodeURIComponent(query)}`
        const { status } = await call(method, url, method === 'GET' ? undefined : payload)
        t.true(status < 500, `${method} ${url} ${payload}: ${status}`)
      }),
      { numRuns: 1000 },
    )
    t.is((await call('GET', `${collection}?tags=`)).status, 200)
  })
}

test('an API keeps what was sent to it, in hosts, methods and protocols whatever they hold', async t => {
  const { call } = await createTestApp(t)
  const lists = fc.record({
    hosts: fc.array(fc.string()),
    protocols: fc.array(fc.string()),
    uris: fc.array(fc.string()),
  })
  await call('POST', '/v1/api', { name: 'a', function: 'f' })
  await fc.assert(
    fc.asyncProperty(lists, async sent => {
      await call('PUT', '/v1/api/a', { name: 'a', function: 'f', ...sent })
      const { body } = await call('GET', '/v1/api/a')
      t.deepEqual([body.hosts ?? [], body.protocols ?? []], [sent.hosts, sent.protocols])
      t.deepEqual((await call('PUT', '/v1/api/a', body)).body.uris, body.uris)
    }),
    { numRuns: 100 },
  )
})

test('a secret keeps every text under every key', async t => {
  const { call } = await createTestApp(t)
  const values = fc.dictionary(fc.oneof(names, fc.constantFrom('a\nb', 'NAME', 'name')), fc.string(), { minKeys: 1 })
  await call('POST', '/v1/secret', { name: 's' })
  await fc.assert(
    fc.asyncProperty(values, async secrets => {
      const sent = `{"name":"s","secrets":${JSON.stringify(secrets)}}`
      t.is((await call('PUT', '/v1/secret/s', sent)).status, 201)
      t.deepEqual(Object.entries((await call('GET', '/v1/secret/s')).body.secrets), Object.entries(secrets))
    }),
    { numRuns: 200 },
  )
})

test('millions of faults in one body are not all remembered', async t => {
  const { call } = await createTestApp(t)
  const { status, body } = await call('POST', '/v1/secret', `{"name":"s","tags":[${'1,'.repeat(20_000_000)}1]}`)
  t.is(status, 400)
  t.is(body.message, 'parsing secret body from "" failed, because tags.0 must be of type object')
})
