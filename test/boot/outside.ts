/** A machine as its network sees it: ports that lead into it, and what answers there. */
import { once } from 'node:events'
import { request as requestPlain } from 'node:http'
import { request as requestTls } from 'node:https'
import { connect, createServer } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'
import type { Forward } from '../../packer/hardware.ts'
import { publicPorts } from '../../provisioning/ports.ts'

export type Ports = Readonly<Record<keyof typeof publicPorts, Forward>>

/** Emulated, on a busy machine: an ordinary boot takes about one minute. */
const deadlineMs = 15 * 60_000
const answerMs = 30_000

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (typeof address !== 'object' || !address) throw new Error('there is no free port on 127.0.0.1')
  return address.port
}

/** A port of this machine for each that the appliance shows. */
export async function findPorts(): Promise<Ports> {
  const lead = async (guestPort: number): Promise<Forward> => ({ hostPort: await findFreePort(), guestPort })
  const { ssh, http, https, api, gateway, apiTls } = publicPorts
  return {
    ssh: await lead(ssh),
    http: await lead(http),
    https: await lead(https),
    api: await lead(api),
    gateway: await lead(gateway),
    apiTls: await lead(apiTls),
  }
}

export interface Asked {
  /** 0: nothing answered. */
  readonly status: number
  readonly body: string
  readonly location: string
}

const silence: Asked = { status: 0, body: '', location: '' }

/** Certificates are not checked here: who made them is not known yet. */
export async function askAt(
  { hostPort }: Forward,
  { path, isTls = false }: { path: string; isTls?: boolean },
): Promise<Asked> {
  const options = { host: '127.0.0.1', port: hostPort, path, agent: false, signal: AbortSignal.timeout(answerMs) }
  try {
    const asking = isTls ? requestTls({ ...options, rejectUnauthorized: false }) : requestPlain(options)
    asking.end()
    const [answer] = await once(asking, 'response')
    return { status: answer.statusCode, body: await text(answer), location: answer.headers.location ?? '' }
  } catch {
    return silence
  }
}

/** sshd speaks first. */
export async function isSshOpen({ hostPort }: Forward): Promise<boolean> {
  const socket = connect({ host: '127.0.0.1', port: hostPort })
  try {
    const [bytes] = await once(socket, 'data', { signal: AbortSignal.timeout(answerMs) })
    return String(bytes).startsWith('SSH-')
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

/** Aborting `signal` ends the wait, where something else has failed meanwhile. */
export async function waitFor(what: string, holds: () => Promise<boolean>, signal?: AbortSignal): Promise<void> {
  for (const giveUpMs = Date.now() + deadlineMs; Date.now() < giveUpMs; await pause(200)) {
    signal?.throwIfAborted()
    if (await holds()) return
  }
  throw new Error(`${what} did not come about within ${deadlineMs / 60_000} minutes`)
}
