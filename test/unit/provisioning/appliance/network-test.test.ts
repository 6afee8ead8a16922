import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { testNetwork } from '../../../../provisioning/appliance/network-test.ts'
import { noSettings } from '../../../../provisioning/firstboot/settings.ts'

const run = async () => ({ exitCode: 0, stdout: '', stderr: '' })

/** Answers every question by "there is no such name"; the address that it is asked at. */
async function startNameServer(t: ExecutionContext): Promise<string> {
  const server = createSocket('udp4')
  server.on('message', (question, from) => {
    const answer = Buffer.from(question)
    answer.writeUInt16BE(0x8183, 2)
    server.send(answer, from.port, from.address)
  })
  server.bind(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  return `127.0.0.1:${server.address().port}`
}

async function testNameServers(t: ExecutionContext, resolvConf: string, given: string[] = []) {
  const directory = await mkdtemp(join(tmpdir(), 'network-test-'))
  t.teardown(() => rm(directory, { recursive: true }))
  const nameServers = join(directory, 'resolv.conf')
  await writeFile(nameServers, resolvConf)
  const settings = { ...noSettings, network: { ...noSettings.network, nameServers: given } }
  const tests = await testNetwork(settings, { run, nameServers })
  return tests.filter(({ name }) => name.startsWith('name server')).map(({ name, ok }) => [name, ok])
}

test('where none is given the name servers of DHCP are asked', async t => {
  const server = await startNameServer(t)
  const found = await testNameServers(t, `# by systemd-resolved\nnameserver ${server}\nsearch lan\n`)
  t.deepEqual(found, [[`name server ${server}`, true]])
})

test('those that are given are asked, and no others', async t => {
  const server = await startNameServer(t)
  t.deepEqual(await testNameServers(t, 'nameserver 127.0.0.1:1\n', [server]), [[`name server ${server}`, true]])
})

test('without any the test fails', async t => {
  t.deepEqual(await testNameServers(t, 'search .\n'), [['name servers', false]])
})
