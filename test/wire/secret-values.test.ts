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
