/** An agent that takes its time: what it does goes on, whoever has stopped waiting. */
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import { askAgent } from '../../../cli/appliance-agent.ts'

test('an answer that does not come in time is no failure of what was asked for, and is told so', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'dispatch-silent-'))
  const server = createServer(() => undefined).listen(join(folder, 'control.sock'))
  await once(server, 'listening')
  t.teardown(async () => {
    server.closeAllConnections()
    server.close()
    await rm(folder, { recursive: true })
  })
  const io = { env: { DISPATCH_APPLIANCE_SOCKET: join(folder, 'control.sock') } }
  const change = askAgent(io, 'POST', '/v1/settings', { values: {} }, 50)
  await t.throwsAsync(change, { message: /may still be under way.*`dispatch appliance status`/ })
  await t.throwsAsync(askAgent(io, 'GET', '/v1/status', undefined, 50), { message: /not answered.*systemctl status/ })
})
