/** What lists are narrowed to: the same parameters, with the same meaning, on every list. Those of runs: page.test.ts. */
import test from 'ava'
import { loadCapture } from '../helpers/captures.ts'
import { createTestApp, seed } from '../helpers/test-app.ts'

const tagged = (name: string, fields: object) => ({ name, tags: [{ key: 'role', value: name }], ...fields })
const code = { image: 'i', source: 'eA==' }

/** Two of each kind, `a` and `b`; the parameters that keep `a` alone beside `tags=role=a`. */
const kinds: Record<string, { a: object; b: object; keepA: string[] }> = {
  '/v1/baseimage': {
    a: { dockerUrl: 'd', language: 'python3' },
    b: { dockerUrl: 'd', language: 'nodejs' },
    keepA: ['language=python3'],
  },
  '/v1/image': { a: { baseImageName: 'a' }, b: { baseImageName: 'b' }, keepA: ['language=python3'] },
  '/v1/function': { a: code, b: code, keepA: [] },
  '/v1/secret': { a: {}, b: {}, keepA: [] },
  '/v1/api': { a: { function: 'a' }, b: { function: 'b' }, keepA: ['function=a'] },
  '/v1/event/subscriptions': {
    a: { eventType: 'e', function: 'a' },
    b: { eventType: 'e', function: 'b' },
    keepA: ['function=a'],
  },
  '/v1/event/drivertypes': { a: { image: 'i' }, b: { image: 'i' }, keepA: [] },
  '/v1/event/drivers': { a: { type: 'a' }, b: { type: 'a' }, keepA: [] },
}

test('defect "filters are ignored": each list is narrowed by tags, and by what its resources have', async t => {
  const { call } = await createTestApp(t)
  const namesOf = async (url: string) => (await call('GET', url)).body.map(({ name }: { name: string }) => name)
  for (const [url, { a, b, keepA }] of Object.entries(kinds)) {
    await call('POST', url, tagged('a', a))
    await call('POST', url, tagged('b', b))
    for (const query of ['', '?tags=role', '?tags=', '?other=x', '?state=', '?language=&function='])
      t.deepEqual(await namesOf(url + query), ['a', 'b'], url + query)
    for (const query of ['tags=role=a', 'tags=role&tags=role=a', ...keepA])
      t.deepEqual(await namesOf(`${url}?${query}`), ['a'], `${url}?${query}`)
    t.deepEqual(await namesOf(`${url}?tags=role=a&tags=role=b`), [], url)
  }
})

test('defect "filters are ignored": a single one is there for who names its tags, for nobody who names others', async t => {
  const { call } = await createTestApp(t)
  for (const [url, { a }] of Object.entries(kinds)) {
    await call('POST', url, tagged('a', a))
    const one = `${url}/a`
    for (const query of ['?tags=role', '?tags=role=a&tags=role', '?tags='])
      t.is((await call('GET', one + query)).status, 200, one + query)
    for (const query of ['?tags=other', '?tags=role=a&tags=role=b']) {
      for (const method of ['GET', 'DELETE']) t.is((await call(method, one + query)).body.code, 404, `${method} ${one}`)
      t.is((await call('PUT', one + query, tagged('a', a))).body.code, 404, one)
    }
    t.true((await call('PUT', `${one}?tags=role`, tagged('a', a))).status < 300, one)
  }
  for (const url of Object.keys(kinds).toReversed())
    t.true((await call('DELETE', `${url}/a?tags=role=a`)).status < 300, url)
})

test('defect "state is ignored": lists of what has a state are narrowed by it', async t => {
  const { call, reach } = await createTestApp(t)
  const namesOf = async (url: string) => (await call('GET', url)).body.map(({ name }: { name: string }) => name)
  await call('POST', '/v1/function', { name: 'f', ...code })
  await call('POST', '/v1/api', { name: 'f', function: 'f' })
  await call('POST', '/v1/baseimage', { name: 'f', dockerUrl: 'python3', language: 'l' })
  await call('POST', '/v1/image', { name: 'f', baseImageName: 'f' })
  await call('POST', '/v1/event/subscriptions', { name: 'f', eventType: 'e', function: 'nope' })
  await call('POST', '/v1/event/drivertypes', { name: 'f', image: 'i' })
  await call('POST', '/v1/event/drivers', { name: 'f', type: 'f' })
  const settled = { function: 'ERROR', api: 'READY', 'event/subscriptions': 'ERROR', 'event/drivers': 'ERROR' }
  for (const [path, state] of Object.entries({ ...settled, baseimage: 'ERROR', image: 'ERROR' })) {
    await reach(`/v1/${path}/f`, state)
    t.deepEqual(await namesOf(`/v1/${path}?state=${state}`), ['f'], path)
    t.deepEqual(await namesOf(`/v1/${path}?state=UPDATING`), [], path)
  }
})

test('runs are found by their own tags', async t => {
  const app = await createTestApp(t)
  await seed(app)
  const { source } = JSON.parse(loadCapture('027')[0]?.request.body ?? '{}')
  await app.call('POST', '/v1/function', { name: 'fn', image: 'python3', source })
  await app.reach('/v1/function/fn', 'READY')
  const run = async (input: number, tags?: object[]) =>
    (await app.call('POST', '/v1/runs?functionName=fn', { blocking: true, input, tags })).status
  for (const [input, tags] of [[1], [2, [{ key: 'role', value: 'test' }]], [3, []]] as const)
    t.is(await run(input, tags && [...tags]), 200)
  const inputsOf = async (query: string) =>
    (await app.call('GET', `/v1/runs?${query}`)).body.map(({ input }: { input: number }) => input)
  t.deepEqual(await inputsOf('tags=role=test'), [2])
  const [{ name }] = (await app.call('GET', '/v1/runs?tags=role=test')).body
  t.is((await app.call('GET', `/v1/runs/${name}?tags=role`)).body.input, 2)
  t.is((await app.call('GET', `/v1/runs/${name}?tags=role=prod`)).body.code, 404)
  t.deepEqual(await inputsOf('state=READY'), [3, 2, 1])
  t.deepEqual(await inputsOf('state=ERROR'), [])
})
