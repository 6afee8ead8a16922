import test from 'ava'
import { readHealth, troublesOf } from '../../../../provisioning/appliance/health.ts'
import type { ServerReply } from '../../../../provisioning/appliance/server-client.ts'

const places = { disk: '/', memory: '/nowhere', clock: '/nowhere' }

async function judge(reply: ServerReply | undefined): Promise<string[]> {
  const send = async () => {
    if (reply === undefined) throw new Error('connect ECONNREFUSED')
    return reply
  }
  const health = await readHealth({ send }, places)
  return troublesOf(health.filter(({ name }) => name === 'docker' || name === 'server'))
}

test('the server is well when it says so', async t => {
  t.deepEqual(await judge({ status: 200, body: { version: '1' } }), [])
})

test('what the server says of Docker and its store is told', async t => {
  const body = { docker: 'connect ENOENT', store: 'disk full' }
  t.deepEqual(await judge({ status: 503, body }), ['docker: connect ENOENT', 'server: its store: disk full'])
})

test('no answer, and one that says nothing of its health, is not well', async t => {
  t.deepEqual(await judge(undefined), ['docker: not known', 'server: does not answer'])
  t.deepEqual(await judge({ status: 500, body: { message: 'it failed' } }), ['docker: not known', 'server: it failed'])
  t.deepEqual(await judge({ status: 404, body: '' }), ['docker: not known', 'server: the server answered 404'])
})
