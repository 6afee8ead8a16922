/** The rules of each state, loaded into a network namespace that stands for the appliance, and probed from others. Needs root. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import test, { type ExecutionContext } from 'ava'
import { repository } from '../../../packer/source.ts'
import type { StateName } from '../../../provisioning/appliance/status.ts'
import { firewallFile, renderFirewall } from '../../../provisioning/firstboot/plan/firewall.ts'
import { gatewayTlsPort, publicPorts, setupPorts } from '../../../provisioning/ports.ts'
import { until } from '../../helpers/wait.ts'

const run = promisify(execFile)
const ip = (...args: string[]) => run('ip', args)
const ports = [...Object.values(publicPorts), gatewayTlsPort, ...Object.values(setupPorts), 4242]

/** Answers on every port with the one that the connection has arrived at. */
const listen = `
const { createServer } = require('node:net')
const ports = ${JSON.stringify(ports)}
let waiting = ports.length
for (const port of ports)
  createServer(socket => socket.on('error', () => undefined).end(String(socket.localPort)))
    .listen(port, '::', () => { if (--waiting === 0) console.log('up') })
`

/** Prints a row for each port that answers: the asked one, and the one that has answered. */
const probe = `
const { connect } = require('node:net')
for (const port of ${JSON.stringify(ports)}) {
  const socket = connect({ port, host: process.argv[1], timeout: 3000 })
  socket.on('data', data => console.log(port + ' ' + data)).on('error', () => undefined)
  socket.on('timeout', () => socket.destroy())
}
`

type Place = 'outside' | 'container' | 'appliance'

interface Appliance {
  enter(state: StateName, options?: { ssh?: boolean; http?: boolean }): Promise<void>
  /** What answers, by the port that was asked. */
  probe(from: Place, address: string): Promise<Record<string, number>>
  nft(...args: string[]): Promise<string>
  /** Connects a switch that asks who listens to which multicast. */
  connectSwitch(): Promise<void>
  /** Such questions that have come in by IPv6. */
  countQueries(): Promise<number>
}

const addresses: Record<Exclude<Place, 'appliance'>, { card: string; near: string[]; far: string[] }> = {
  outside: { card: 'ens192', near: ['192.0.2.1/24', '2001:db8::1/64'], far: ['192.0.2.2/24', '2001:db8::2/64'] },
  // As Docker calls its own bridge.
  container: { card: 'docker0', near: ['198.51.100.1/24'], far: ['198.51.100.2/24'] },
}

async function createAppliance(t: ExecutionContext): Promise<Appliance> {
  const directory = await mkdtemp(join(tmpdir(), 'firewall-'))
  t.teardown(() => rm(directory, { recursive: true }))
  const id = `fw${Math.floor(Math.random() * 2 ** 30).toString(36)}`
  const names: Record<Place, string> = { appliance: id, outside: `${id}-o`, container: `${id}-c` }
  for (const name of Object.values(names)) {
    await ip('netns', 'add', name)
    t.teardown(() => ip('netns', 'delete', name))
    await ip('-n', name, 'link', 'set', 'lo', 'up')
  }
  for (const place of ['outside', 'container'] as const) await connect(names.appliance, names[place], addresses[place])
  await startListener(t, names.appliance)

  const rules = join(directory, 'nftables.conf')
  const included = join(directory, 'run')
  await mkdir(included)
  const shipped = await readFile(join(repository, 'provisioning/rootfs/etc/nftables.conf'), 'utf8')
  const folder = firewallFile.replace(/\/[^/]*$/, '')
  t.true(shipped.includes(`include "${folder}/*.nft"`))
  await writeFile(rules, shipped.replace(folder, included))
  const nft = async (...args: string[]) =>
    (await run('ip', ['netns', 'exec', names.appliance, '/usr/sbin/nft', ...args])).stdout
  await nft('--file', rules)
  return {
    nft,
    enter: async (state, { ssh = true, http = false } = {}) => {
      await writeFile(join(included, 'firewall.nft'), renderFirewall(state, { ssh, http }))
      await nft('--file', rules)
    },
    probe: async (from, address) => {
      const { stdout } = await run('ip', ['netns', 'exec', names[from], process.execPath, '-e', probe, address])
      const rows = stdout.trim().split('\n').filter(Boolean)
      return Object.fromEntries(rows.map(row => row.split(' ')).map(([port = '', by]) => [port, Number(by)]))
    },
    connectSwitch: () => connectSwitch(names.appliance, names.outside),
    countQueries: async () => {
      const { stdout } = await run('ip', ['netns', 'exec', names.appliance, 'cat', '/proc/net/snmp6'])
      return Number(/^Icmp6InGroupMembQueries\s+(\d+)/m.exec(stdout)?.[1])
    },
  }
}

/** The kernel's own bridge, which begins to ask within a second, by IPv6 once it has an address. */
async function connectSwitch(inside: string, outside: string) {
  const querier = ['mcast_snooping', '1', 'mcast_querier', '1', 'mcast_startup_query_interval', '50']
  const more = ['mcast_startup_query_count', '100']
  await ip('-n', outside, 'link', 'add', 'switch', 'type', 'bridge', ...querier, ...more)
  await ip('-n', inside, 'link', 'add', 'ens224', 'type', 'veth', 'peer', 'name', 'port', 'netns', outside)
  await ip('-n', outside, 'link', 'set', 'port', 'master', 'switch')
  for (const [name, link] of [[inside, 'ens224'] as const, [outside, 'port'] as const, [outside, 'switch'] as const])
    await ip('-n', name, 'link', 'set', link, 'up')
}

async function connect(inside: string, outside: string, { card, near, far }: (typeof addresses)['outside']) {
  await ip('-n', inside, 'link', 'add', card, 'type', 'veth', 'peer', 'name', 'far', 'netns', outside)
  for (const [name, link, list] of [[inside, card, near] as const, [outside, 'far', far] as const]) {
    for (const address of list)
      await ip('-n', name, 'addr', 'add', address, 'dev', link, ...(address.includes(':') ? ['nodad'] : []))
    await ip('-n', name, 'link', 'set', link, 'up')
  }
  await ip('-n', outside, 'route', 'add', 'default', 'via', near[0]?.replace(/\/.*/, '') ?? '')
}

async function startListener(t: ExecutionContext, name: string): Promise<void> {
  const child: ChildProcess = spawn('ip', ['netns', 'exec', name, process.execPath, '-e', listen], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.teardown(async () => {
    child.kill('SIGKILL')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  })
  if (child.stdout) await once(child.stdout, 'data')
}

const setup = { 443: 4430, 80: 4431, 8080: 4432, 8081: 4432, 8443: 4433 }
const service = { 8080: 8080, 8081: 8081, 8443: 8443, 443: 8444 }
const ssh = { 22: 22 }

test('before an agent has said anything, and while it boots or resets, nothing is let in', async t => {
  const appliance = await createAppliance(t)
  t.deepEqual(await appliance.probe('outside', '192.0.2.1'), {})
  for (const state of ['booting', 'resetting'] as const) {
    await appliance.enter('ready')
    await appliance.enter(state)
    t.deepEqual(await appliance.probe('outside', '192.0.2.1'), {}, state)
  }
})

test('unclaimed, the network reaches the set-up page and refusals alone, and SSH where somebody could log in', async t => {
  const appliance = await createAppliance(t)
  await appliance.enter('unclaimed', { ssh: false })
  t.deepEqual(await appliance.probe('outside', '192.0.2.1'), setup)
  t.deepEqual(await appliance.probe('outside', '2001:db8::1'), setup)
  await appliance.enter('unclaimed')
  t.deepEqual(await appliance.probe('outside', '192.0.2.1'), { ...setup, ...ssh })
})

test('claimed, it reaches the server, by 443 too, also while something is wrong', async t => {
  const appliance = await createAppliance(t)
  await appliance.enter('unclaimed', { ssh: false })
  for (const state of ['ready', 'degraded'] as const) {
    await appliance.enter(state)
    t.deepEqual(await appliance.probe('outside', '192.0.2.1'), { ...service, ...ssh }, state)
  }
  t.deepEqual(await appliance.probe('outside', '2001:db8::1'), { ...service, ...ssh })
  await appliance.enter('ready', { ssh: false })
  t.deepEqual(await appliance.probe('outside', '192.0.2.1'), service)
})

test('where an authority asks by HTTP the gateway answers on port 80, once claimed', async t => {
  const appliance = await createAppliance(t)
  for (const state of ['ready', 'degraded'] as const) {
    await appliance.enter(state, { http: true })
    const open = { ...service, ...ssh, 80: 8081 }
    for (const address of ['192.0.2.1', '2001:db8::1'])
      t.deepEqual(await appliance.probe('outside', address), open, `${state} ${address}`)
  }
  await appliance.enter('unclaimed', { ssh: false, http: true })
  t.deepEqual(await appliance.probe('outside', '192.0.2.1'), setup)
  await appliance.enter('booting', { http: true })
  t.deepEqual(await appliance.probe('outside', '192.0.2.1'), {})
})

test('programs on the appliance reach the server always, and by 443 and 80 what the network sees there', async t => {
  const appliance = await createAppliance(t)
  const own = Object.fromEntries(ports.map(port => [port, port]))
  for (const address of ['127.0.0.1', '::1', '192.0.2.1']) {
    await appliance.enter('unclaimed')
    t.deepEqual(await appliance.probe('appliance', address), { ...own, 443: 4430, 80: 4431 }, address)
    await appliance.enter('ready')
    t.deepEqual(await appliance.probe('appliance', address), { ...own, 443: 8444 }, address)
  }
})

test('containers reach nothing of it, by whichever address', async t => {
  const appliance = await createAppliance(t)
  for (const state of ['unclaimed', 'ready'] as const) {
    await appliance.enter(state)
    for (const address of ['198.51.100.1', '192.0.2.1'])
      t.deepEqual(await appliance.probe('container', address), {}, `${state} ${address}`)
  }
})

test('a switch that asks who listens is heard, whatever the state: it would keep IPv6 away otherwise', async t => {
  const appliance = await createAppliance(t)
  await appliance.enter('booting')
  const before = await appliance.countQueries()
  await appliance.connectSwitch()
  await until('the question is heard', async () => (await appliance.countQueries()) > before, 30_000)
  t.pass()
})

test('rules of others are as they were, however often the state changes', async t => {
  const appliance = await createAppliance(t)
  await appliance.nft(
    'add table ip nat; add chain ip nat DOCKER; add rule ip nat DOCKER tcp dport 9999 dnat to 198.51.100.2:80',
  )
  const docker = await appliance.nft('list', 'table', 'ip', 'nat')
  for (const state of ['unclaimed', 'ready', 'resetting', 'ready'] as const) await appliance.enter(state)
  t.is(await appliance.nft('list', 'table', 'ip', 'nat'), docker)
})
