/** A caller that leaves: its run goes on, is recorded, and nobody else waits for it. */
import { request } from 'node:http'
import test from 'ava'
import { answer } from '../../../helpers/fake-execution.ts'
import { createTestApp, seed } from '../../../helpers/test-app.ts'
import { until } from '../../../helpers/wait.ts'

const source =
  'H4sIAAAAAAACA+3NsQqDQBCE4a19ii0NBFnJxcK3OXInFiLHRYu8fQ4bwT4S8P+aGaaZoUkf+TErOue2LI5p9nB73/bu6VpRkxOs78XncinXFOKgo5/DFOvXPd36SjXHZc2zpkoAAAAAAAAAAAAAAAAAAH/rC7KMCE8AKAAA'

test('a blocking run whose caller has gone ends as any other', async t => {
  const gate = Promise.withResolvers<void>()
  const testApp = await createTestApp(t, { fn: () => gate.promise.then(() => answer('"done"')) })
  const { app, call, execution, reach } = testApp
  t.teardown(() => gate.resolve())
  await seed(testApp)
  await call('POST', '/v1/function', { name: 'fn', image: 'python3', source })
  await reach('/v1/function/fn', 'READY')
  await app.api.listen({ host: '127.0.0.1', port: 0 })
  const headers = { cookie: 'cookie', 'x-dispatch-org': 'dispatch', 'content-type': 'application/json' }
  const sent = request(`${app.api.listeningOrigin}/v1/runs?functionName=fn`, { method: 'POST', headers })
  const closed = new Promise(resolve => sent.once('close', resolve))
  sent.on('error', () => undefined)
  sent.end('{"blocking":true,"input":1}')
  await until('the call is under way', async () => execution.invocations.length === 1)
  sent.destroy()
  await closed
  gate.resolve()
  const [run] = await until('it is recorded', async () => {
    const { body } = await call('GET', '/v1/runs?functionName=fn')
    return body.length === 1 && body
  })
  t.like(run, { status: 'READY', output: 'done', input: 1, blocking: true })
})
