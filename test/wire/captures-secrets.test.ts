/** Recorded requests of existing clients about secrets, and about a function that uses one. */
import test from 'ava'
import type { Exchange } from '../helpers/captures.ts'
import { loadCapture } from '../helpers/captures.ts'
import type { Script } from '../helpers/fake-execution.ts'
import { replay } from '../helpers/replay.ts'
import { createTestApp, seed } from '../helpers/test-app.ts'

/** What the original's function answered in the recording: it was called before it listened. */
const recorded: Script = () => ({
  ok: false,
  error: JSON.parse(loadCapture('067')[0]?.answer.body ?? '').error,
  logs: { stdout: null, stderr: null },
})

test('captures 062 to 129: a secret comes into being and is listed with its values', async t => {
  const app = await createTestApp(t)
  for (const number of ['062', '064', '129']) await replay(t, app, { number })
})

test('captures 066 to 169: a function gets the secrets that it names, and goes; the secret too', async t => {
  const app = await createTestApp(t, { 'i-have-a-secret': recorded })
  await seed(app)
  await replay(t, app, { number: '062' })
  await replay(t, app, { number: '066' })
  await app.reach('/v1/function/i-have-a-secret', 'READY')
  await replay(t, app, { number: '067' })
  t.deepEqual(
    app.execution.invocations.map(({ contextJson }) => JSON.parse(contextJson)),
    [{ secrets: { password: 'OpenSesame' } }],
  )
  await replay(t, app, { number: '167' })
  t.is((await app.call('DELETE', '/v1/secret/open-sesame')).status, 204)
  await replay(t, app, { number: '169' })
})

test('capture 144: the secret and the API of a file, with tags', async t => {
  const only = ({ request }: Exchange) => request.url === '/v1/secret' || request.url === '/v1/api'
  await replay(t, await createTestApp(t), { number: '144', only })
})
