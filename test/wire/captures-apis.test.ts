/** Recorded requests of existing clients about APIs. */
import test from 'ava'
import { replay } from '../helpers/replay.ts'
import { createTestApp } from '../helpers/test-app.ts'

test('captures 069 to 072: an API comes into being and becomes READY', async t => {
  const app = await createTestApp(t)
  await replay(t, app, { number: '069' })
  await app.reach('/v1/api/hello-api', 'READY')
  for (const number of ['071', '072']) await replay(t, app, { number })
})

test('captures 084 to 159: APIs with CORS, with one protocol, with many methods; and their deletion', async t => {
  const app = await createTestApp(t)
  await replay(t, app, { number: '084' })
  await replay(t, app, { number: '086' })
  const raise = { name: 'raise-api', function: 'raise', uris: ['/raise'], methods: ['get'] }
  await app.call('POST', '/v1/api', {
    ...raise,
    authentication: 'public',
    enabled: true,
    protocols: ['http', 'https'],
  })
  for (const name of ['raise-api', 'cors-api', 'echo-api']) await app.reach(`/v1/api/${name}`, 'READY')
  for (const number of ['156', '157']) await replay(t, app, { number })
  t.is((await app.call('DELETE', '/v1/api/echo-api')).body.status, 'DELETING')
  await replay(t, app, { number: '159' })
})
