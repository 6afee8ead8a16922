/** Forms are read as browsers send them; whatever else comes is no form, and nothing worse. */
import test from 'ava'
import { assert, asyncProperty, string, uint8Array } from 'fast-check'
import { readForm, UnreadableForm } from '../../../../provisioning/setup/read-form.ts'

const urlencoded = 'application/x-www-form-urlencoded'

test('texts and files are read, the last of a name, and what is empty is not there', async t => {
  const data = new FormData()
  data.set('password', 'ü "&\r\n')
  data.set('chainFile', new Blob(['PEM\n']), 'chain.pem')
  data.set('privateKeyFile', new Blob([]), '')
  data.append('step', 'claim')
  data.append('step', 'review')
  const sent = new Response(data)
  const given = await readForm(Buffer.from(await sent.arrayBuffer()), sent.headers.get('content-type') ?? '')
  t.is(given('password'), 'ü "&\r\n')
  t.is(given('chainFile'), 'PEM\n')
  t.is(given('privateKeyFile'), undefined)
  t.is(given('step'), 'review')
  t.is(given('__proto__'), undefined)
})

test('a form without files is read', async t => {
  const given = await readForm(Buffer.from('code=A+B&token=%C3%BC'), urlencoded)
  t.deepEqual([given('code'), given('token')], ['A B', 'ü'])
})

test('any bytes and any boundary are a form or an unreadable one', async t => {
  await assert(
    asyncProperty(uint8Array({ maxLength: 400 }), string(), async (bytes, boundary) => {
      const body = Buffer.concat([Buffer.from(`--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n`), bytes])
      const type = `multipart/form-data; boundary=${boundary.replace(/[^\w]/g, '') || 'x'}`
      await readForm(body, type).catch(thrown => {
        if (!(thrown instanceof UnreadableForm)) throw thrown
      })
    }),
  )
  t.pass()
})
