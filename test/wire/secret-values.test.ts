/** Who sees what secrets hold: the right to get them does not hold it. */
import test from 'ava'
import { givePolicy, giveToken } from '../helpers/credentials.ts'
import { createTestApp } from '../helpers/test-app.ts'

test('values of a secret are for those who may read them, in lists too', async t => {
  const { store, call } = await createTestApp(t, {}, { auth: 'required' })
  await givePolicy(store, { subjects: ['maker'], resources: ['secret'] })
  await givePolicy(store, { subjects: ['looker'], resources: ['secret'], actions: ['get'] })
  await givePolicy(store, { subjects: ['reader'], resources: ['secret'], actions: ['get', 'read'] })
  const [maker, looker, reader] = await Promise.all(
    ['maker', 'looker', 'reader'].map(subject => giveToken(store, { subject })),
  )
  const narrowed = await giveToken(store, { subject: 'maker', scope: ['secret:get'] })
  await call('POST', '/v1/secret', { name: 'key', secrets: { password: 'canary' } }, maker)
  for (const url of ['/v1/secret', '/v1/secret/key']) {
    for (const who of [looker, narrowed]) {
      const { status, text } = await call('GET', url, undefined, who)
      t.is(status, 200)
      t.true(text.includes('"key"'))
      t.false(text.includes('canary'), url)
    }
    for (const who of [maker, reader]) t.true((await call('GET', url, undefined, who)).text.includes('canary'), url)
  }
})

test('who may not see the values of a secret empties none by sending it back, and may set new ones', async t => {
  const { store, call } = await createTestApp(t, {}, { auth: 'required' })
  await givePolicy(store, { subjects: ['maker'], resources: ['secret'] })
  await givePolicy(store, { subjects: ['changer'], resources: ['secret'], actions: ['get', 'update'] })
  const [maker, changer] = await Promise.all(['maker', 'changer'].map(subject => giveToken(store, { subject })))
  await call('POST', '/v1/secret', { name: 'key', secrets: { password: 'canary' } }, maker)
  const valuesNow = async () => (await call('GET', '/v1/secret/key', undefined, maker)).body.secrets ?? {}
  for (const body of [{ name: 'key' }, { name: 'key', secrets: {} }]) {
    const { status, text } = await call('PUT', '/v1/secret/key', body, changer)
    t.is(status, 400)
    t.regex(text, /which you may not see/)
    t.deepEqual(await valuesNow(), { password: 'canary' })
  }
  t.is((await call('PUT', '/v1/secret/key', { name: 'key', secrets: { password: 'new' } }, changer)).status, 201)
  t.deepEqual(await valuesNow(), { password: 'new' })
  t.is((await call('PUT', '/v1/secret/key', { name: 'key', secrets: {} }, maker)).status, 201)
  t.deepEqual(await valuesNow(), {})
})
