/** What is wrong with the certificate is told by health, to whom it concerns, and keeps nobody from taking the server for well. */
import test from 'ava'
import { createTestApp } from '../../helpers/test-app.ts'

test('a certificate that is not what it should be is told, and the server does its work', async t => {
  let problem: string | undefined = 'no certificate for solo.example was obtained'
  const { call } = await createTestApp(t, {}, { certificateProblem: () => problem })
  t.like(await call('GET', '/healthz'), { status: 200, body: { tls: problem } })
  problem = undefined
  t.false('tls' in (await call('GET', '/healthz')).body)
})

test('a stranger learns that something is wrong, and not what', async t => {
  const { call } = await createTestApp(t, {}, { auth: 'required', certificateProblem: () => '/etc/dispatch/tls.pem' })
  const { status, body } = await call('GET', '/healthz')
  t.deepEqual([status, body.tls], [200, "something is wrong: the server's log says what"])
})
