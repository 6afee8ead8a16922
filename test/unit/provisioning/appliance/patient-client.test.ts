import test from 'ava'
import { createPatientClient } from '../../../../provisioning/appliance/patient-client.ts'
import { RefusedError } from '../../../../provisioning/appliance/refusal.ts'
import type { ServerClient, ServerReply } from '../../../../provisioning/appliance/server-client.ts'

/** Gives these one after the other, and the last one for ever. */
function createServer(replies: readonly (ServerReply | undefined)[]) {
  const asked: string[] = []
  const server: ServerClient = {
    send: async (method, path) => {
      const reply = replies[Math.min(asked.length, replies.length - 1)]
      asked.push(`${method} ${path}`)
      if (reply === undefined) throw new Error('connect ECONNREFUSED')
      return reply
    },
  }
  return { asked, server }
}

test('a server that only starts is asked again until it answers', async t => {
  const starting = { status: 503, body: undefined }
  const { server, asked } = createServer([undefined, starting, undefined, { status: 409, body: {} }])
  const client = createPatientClient(server, { forMs: 60_000, retryMs: 1 })
  t.is((await client.send('POST', '/v1/iam/user', {})).status, 409)
  t.is(asked.length, 4)
})

test('after its time it says who does not answer', async t => {
  const { server } = createServer([undefined])
  const client = createPatientClient(server, { forMs: 5, retryMs: 1 })
  const thrown = await t.throwsAsync(client.send('GET', '/healthz'), { instanceOf: RefusedError })
  t.is(thrown?.refusal.reason, 'failed')
  t.regex(thrown?.message ?? '', /server does not answer/)
})
