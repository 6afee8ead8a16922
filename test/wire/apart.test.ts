/** The API and the functions that users serve are apart: neither port answers for the other, whatever an API is called. */
import test from 'ava'
import { answer } from '../helpers/fake-execution.ts'
import { openGateway } from '../helpers/gateway.ts'

const concrete = (path: string): string => path.replace(/\{\w+\}/g, 'x')

test('the gateway answers no operation of the API', async t => {
  const { app, send } = await openGateway(t)
  for (const { id, method, path } of app.operations) {
    const { status, text } = await send(method, concrete(path), {
      headers: { cookie: 'cookie', 'x-dispatch-org': 'dispatch' },
    })
    t.is(status, 404, id)
    t.deepEqual(JSON.parse(text), { message: 'no API found with those values' }, id)
  }
})

test('paths that the API has may be those of a function, on the gateway alone', async t => {
  const script = () => answer(JSON.stringify('the function'))
  const { call, createFunction, createApi, send } = await openGateway(t, { f: script })
  await createFunction('f')
  for (const uri of ['/v1/version', '/healthz', '/dispatch/v1/secret', '/mine'])
    await createApi({
      name: uri.replaceAll('/', '-').slice(1),
      function: 'f',
      uris: [uri],
      hosts: ['shop.example'],
      methods: ['GET'],
    })
  for (const path of ['/v1/version', '/healthz', '/mine']) {
    const served = await send('GET', path, { headers: { host: 'shop.example' } })
    t.is(served.text.trim(), '"the function"', path)
    const asked = await call('GET', path, undefined, { host: 'shop.example' }).catch(thrown => thrown)
    t.false(JSON.stringify(asked).includes('the function'), path)
  }
  t.is((await call('GET', '/mine')).status, 404)
})

test('the listener of drivers answers nothing but the taking in of events', async t => {
  const { app } = await openGateway(t)
  const ingest = app.createIngestApi()
  t.teardown(() => ingest.close())
  for (const { id, method, path } of app.operations) {
    const headers = { cookie: 'cookie', 'x-dispatch-org': 'dispatch' }
    const { statusCode } = await ingest.inject({ method, url: concrete(path), headers })
    t.is(statusCode === 404 || statusCode === 405 || statusCode === 501, id !== 'ingestEvent', `${id}: ${statusCode}`)
  }
})
