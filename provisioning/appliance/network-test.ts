/** Tries out what the network settings promise: each part for itself, so that the one that fails is known. */
import { Resolver } from 'node:dns/promises'
import { readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { messageOf } from '../../server/core/errors.ts'
import type { Settings } from '../firstboot/settings.ts'
import type { Run } from '../run.ts'

export interface NetworkTest {
  readonly name: string
  readonly ok: boolean
  readonly text: string
}

const timeoutMs = 5000
const noNameServer = new Error('there is none, neither given nor by DHCP: no name is found')

async function attempt(name: string, work: () => Promise<string>): Promise<NetworkTest> {
  try {
    return { name, ok: true, text: await work() }
  } catch (thrown) {
    return { name, ok: false, text: messageOf(thrown) }
  }
}

/** Any answer will do, that there is no such name too. */
async function ask(server: string, name: string): Promise<string> {
  const resolver = new Resolver({ timeout: timeoutMs, tries: 1 })
  resolver.setServers([server])
  const answered = ['ENOTFOUND', 'ENODATA']
  return resolver.resolve4(name).then(
    addresses => `${name} is ${addresses.join(', ')}`,
    thrown => {
      if (answered.includes(Object.assign({ code: '' }, thrown).code)) return `it answers; ${name} has no address`
      throw new Error(`it does not answer: ${messageOf(thrown)}`)
    },
  )
}

const reach = (host: string, port: number): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host, port, timeout: timeoutMs })
    socket.once('connect', () => {
      socket.destroy()
      resolve(`reached at port ${port}`)
    })
    socket.once('timeout', () => socket.destroy(new Error(`no answer at port ${port} within ${timeoutMs / 1000} s`)))
    socket.once('error', reject)
  })

function reachProxy(url: string): Promise<string> {
  const { hostname, port, protocol } = new URL(url)
  return reach(hostname.replace(/^\[|\]$/g, ''), Number(port) || (protocol === 'https:' ? 443 : 80))
}

/** The kernel asks for the gateway's hardware address as soon as something is sent to it. */
async function findNeighbour(run: Run, gateway: string): Promise<string> {
  await reach(gateway, 9).catch(() => undefined)
  const { stdout } = await run(['ip', '-o', 'neighbour', 'show', 'to', gateway])
  if (/lladdr \S+/.test(stdout) && !stdout.includes('FAILED')) return `${gateway} is there`
  throw new Error(`${gateway} is not found on this network`)
}

async function findGateway(run: Run): Promise<string | undefined> {
  const { stdout } = await run(['ip', '-o', 'route', 'show', 'default'])
  return /\bvia (\S+)/.exec(stdout)?.[1]
}

/** Those of DHCP and of router advertisements among them. */
async function findNameServers(file: string): Promise<readonly string[]> {
  const text = await readFile(file, 'utf8').catch(() => '')
  return [...text.matchAll(/^nameserver +(\S+)/gm)].flatMap(([, server]) => server ?? [])
}

export interface NetworkTestParts {
  readonly run: Run
  /** A `resolv.conf` of the name servers that are asked. */
  readonly nameServers: string
}

export async function testNetwork(settings: Settings, { run, nameServers }: NetworkTestParts): Promise<NetworkTest[]> {
  const { network, proxy, fqdn } = settings
  const servers = network.nameServers.length > 0 ? network.nameServers : await findNameServers(nameServers)
  const gateway = network.gateway ?? (await findGateway(run))
  const name = fqdn ?? 'example.com'
  const proxies = [...new Set([proxy.http, proxy.https])].flatMap(url => url ?? [])
  const unnamed = (url: string): string => new URL(url).host
  return Promise.all([
    attempt('gateway', async () => {
      if (gateway === undefined) throw new Error('there is none: only this network is reached')
      return findNeighbour(run, gateway)
    }),
    ...servers.map(server => attempt(`name server ${server}`, () => ask(server, name))),
    ...(servers.length === 0 ? [attempt('name servers', () => Promise.reject(noNameServer))] : []),
    ...proxies.map(url => attempt(`proxy ${unnamed(url)}`, () => reachProxy(url))),
    attempt('clock', async () => {
      const { stdout } = await run(['timedatectl', 'show', '--property=NTPSynchronized', '--value'])
      if (stdout.trim() !== 'yes') throw new Error('no time server has set it yet')
      return 'set by a time server'
    }),
  ])
}
