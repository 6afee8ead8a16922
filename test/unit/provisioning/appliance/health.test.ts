import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import test from 'ava'
import { hasEnough, readHealth, troublesOf } from '../../../../provisioning/appliance/health.ts'
import type { ServerReply } from '../../../../provisioning/appliance/server-client.ts'

const places = { disk: '/', memory: '/nowhere', clock: '/nowhere' }

async function judge(reply: ServerReply | undefined, states = 'inactive\ninactive\n'): Promise<string[]> {
  const send = async () => {
    if (reply === undefined) throw new Error('connect ECONNREFUSED')
    return reply
  }
  const run = async () => ({ exitCode: 1, stdout: states, stderr: '' })
  const health = await readHealth({ server: { send }, run, places }, [])
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

test('what systemd has given up is told as such, and where its reason is', async t => {
  t.deepEqual(await judge(undefined, 'failed\nactivating\n'), [
    'docker: docker.service has failed: see `journalctl -u docker.service`',
    'server: does not answer',
  ])
  t.deepEqual(await judge({ status: 200, body: { version: '1' } }, 'failed\nfailed\n'), [])
})

test('what is short stays so until there is clearly more', t => {
  const seen: boolean[] = []
  for (const share of [0.06, 0.049, 0.051, 0.099, 0.1, 0.06, 0.049]) seen.push(hasEnough(share, seen.at(-1) ?? true))
  t.deepEqual(seen, [true, false, false, false, true, true, false])
})

test('memory that was short before is judged by what is clearly more', async t => {
  const server = { send: async () => ({ status: 200, body: {} }) }
  const run = async () => ({ exitCode: 0, stdout: '', stderr: '' })
  const memory = join(await mkdtemp(join(tmpdir(), 'health-')), 'meminfo')
  t.teardown(() => rm(dirname(memory), { recursive: true }))
  await writeFile(memory, 'MemTotal: 1000 kB\nMemAvailable: 70 kB\n')
  const read = async (ok: boolean) => {
    const before = [{ name: 'memory', ok, text: '' } as const]
    const health = await readHealth({ server, run, places: { ...places, memory } }, before)
    return health.find(({ name }) => name === 'memory')?.ok
  }
  t.deepEqual([await read(true), await read(false)], [true, false])
})
