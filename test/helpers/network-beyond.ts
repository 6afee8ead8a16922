/** A network behind this machine: a namespace with an address of its own, reached by forwarding, and a listener in one. Needs root. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { promisify } from 'node:util'
import type { ExecutionContext } from 'ava'

const run = promisify(execFile)
const ip = (...args: string[]) => run('ip', args)

export interface Namespace {
  name: string
  address: string
  /** This machine has a route to it. */
  linkLocalAddress: string
}

/** Both addresses answer on `port`. */
export interface Beyond extends Omit<Namespace, 'name'> {
  port: number
}

export type Teardown = Pick<ExecutionContext, 'teardown'>

const listen = `
require('node:net')
  .createServer(socket => socket.on('error', () => undefined).end('beyond'))
  .listen(8080, '0.0.0.0', () => console.log('up'))
`

/** Until the end of the test. */
export async function createNamespace(t: Teardown): Promise<Namespace> {
  const number = Math.floor(Math.random() * 2 ** 14)
  const name = `dispatch-test-${number}`
  const [outer, inner] = [`dto${number}`, `dti${number}`]
  // From the addresses set apart for measurements (RFC 2544), four for each test.
  const block = `198.18.${number >> 6}`
  const [near, address] = [`${block}.${(number & 63) * 4 + 1}`, `${block}.${(number & 63) * 4 + 2}`]
  const linkLocalAddress = `169.254.${number >> 6}.${(number & 63) * 4 + 2}`
  await ip('netns', 'add', name)
  // The pair of interfaces and the route go with it.
  t.teardown(() => ip('netns', 'delete', name))
  await ip('link', 'add', outer, 'type', 'veth', 'peer', 'name', inner, 'netns', name)
  await ip('addr', 'add', `${near}/30`, 'dev', outer)
  await ip('link', 'set', outer, 'up')
  await ip('-n', name, 'addr', 'add', `${address}/30`, 'dev', inner)
  await ip('-n', name, 'addr', 'add', `${linkLocalAddress}/32`, 'dev', inner)
  await ip('-n', name, 'link', 'set', inner, 'up')
  await ip('-n', name, 'route', 'add', 'default', 'via', near)
  await ip('route', 'add', `${linkLocalAddress}/32`, 'via', address)
  return { name, address, linkLocalAddress }
}

/** Until the end of the test. */
export async function createBeyond(t: Teardown): Promise<Beyond> {
  const { name, address, linkLocalAddress } = await createNamespace(t)
  const listener = spawn('ip', ['netns', 'exec', name, process.execPath, '-e', listen], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.teardown(() => end(listener))
  await once(listener.stdout, 'data')
  return { address, linkLocalAddress, port: 8080 }
}

export async function end(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL')
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
}

/** From this machine itself. */
export const isReachable = (address: string, port: number): Promise<boolean> =>
  new Promise(resolve => {
    const socket = connect({ host: address, port, timeout: 5000 })
    const tell = (reachable: boolean) => {
      socket.destroy()
      resolve(reachable)
    }
    socket.once('connect', () => tell(true))
    socket.once('error', () => tell(false))
    socket.once('timeout', () => tell(false))
  })
