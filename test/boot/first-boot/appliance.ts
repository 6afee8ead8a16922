/** An appliance under test: a machine with its ports led here, and a witness inside. */
import { once } from 'node:events'
import { connect } from 'node:tls'
import type { Credentials } from '../../../packer/credentials.ts'
import type { Forward } from '../../../packer/hardware.ts'
import type { Status } from '../../../provisioning/appliance/status.ts'
import { type Bench, loadProgram, startAgain, startNew } from '../bench.ts'
import { askAt, findPorts, isSshOpen, type Ports, waitFor } from '../outside.ts'
import type { Running } from '../power.ts'

/** SHA-256 of each file that makes a machine another one than all others, by path. */
export type Identity = Readonly<Record<string, string>>

/** What the witness says (test/boot/guest/witness.ts). */
export interface Testimony {
  readonly status: Status
  /** Failed units, what is not whole of its identity, what was left undone. */
  readonly problems: readonly string[]
  readonly identity: Identity
  /** Of the appliance's agent, since power-on. */
  readonly journal: string
  /** From power-on until the agent was started; NaN where that is not known. */
  readonly agentSeconds: number
}

export interface Appliance {
  readonly name: string
  readonly ports: Ports
  readonly running: Running
  /** Of its bench. */
  readonly signal: AbortSignal
}

export interface Start {
  readonly name: string
  /** The state in which it is looked at. */
  readonly awaits: 'unclaimed' | 'ready'
  /** The machine whose disk it goes on with; a fresh one without it. */
  readonly of?: string
  readonly discs?: readonly string[]
  readonly credentials?: Credentials
}

export async function start(bench: Bench, { name, awaits, of, discs = [], ...more }: Start): Promise<Appliance> {
  const ports = await findPorts()
  const credentials = { ...(await loadProgram('witness.ts', awaits)), ...more.credentials }
  const boot = { name, credentials, discs, forwards: Object.values(ports) }
  const running = of === undefined ? await startNew(bench, boot) : await startAgain(bench, { ...boot, of })
  return { name, ports, running, signal: bench.signal }
}

export function expect(holds: boolean, problem: string): void {
  if (!holds) throw new Error(problem)
}

/** Rejects when anything is broken, whatever the appliance was told. */
export async function hear({ name, running }: Appliance): Promise<Testimony> {
  const { facts, beforeKernelSeconds } = await running.nextPass()
  const told: Testimony = JSON.parse(JSON.stringify(facts))
  const testimony = { ...told, agentSeconds: beforeKernelSeconds + told.agentSeconds }
  expect(testimony.problems.length === 0, `${name}: ${testimony.problems.join('; ')}`)
  return testimony
}

export const secondsSince = (beginMs: number): string => `${((Date.now() - beginMs) / 1000).toFixed(1)} s`

/** Answers with the seconds since power-on. */
export async function awaitSetupPage({ name, ports, running, signal }: Appliance): Promise<string> {
  await waitFor(
    `${name}: the set-up page`,
    async () => {
      const { status, body } = await askAt(ports.https, { path: '/', isTls: true })
      return status === 200 && body.includes('id="code"')
    },
    signal,
  )
  return secondsSince(running.powerOnMs())
}

/** The set-up page is reached through the port that people use, and everything else only says where it is. */
export async function checkClosed({ ports }: Appliance): Promise<void> {
  const answers = [
    await askAt(ports.api, { path: '/v1/version' }),
    await askAt(ports.gateway, { path: '/hello' }),
    await askAt(ports.apiTls, { path: '/v1/function', isTls: true }),
  ]
  for (const { status, body } of answers)
    expect(status === 503 && body.includes('not set up yet'), `not closed: ${status} ${body}`)
  expect(!(await isSshOpen(ports.ssh)), 'SSH is open')
  const { status, location } = await askAt(ports.http, { path: '/' })
  expect(status >= 300 && status < 400 && location.startsWith('https://'), `port 80 leads to ${location || status}`)
}

/** Answers with the seconds since power-on. */
export async function awaitApi({ name, ports, running, signal }: Appliance): Promise<string> {
  await waitFor(
    `${name}: the API over TLS`,
    async () => {
      const { status, body } = await askAt(ports.apiTls, { path: '/v1/version', isTls: true })
      return status === 401 || (status === 200 && body.includes('version'))
    },
    signal,
  )
  const seconds = secondsSince(running.powerOnMs())
  const gateway = await askAt(ports.https, { path: '/nothing', isTls: true })
  expect(gateway.status === 404 && !gateway.body.includes('not set up'), `443 is not the gateway's: ${gateway.status}`)
  return seconds
}

/** Grouped, behind its title on the console and its twin. */
const codePattern = /\b([0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5})\b/g

export async function readCode({ name, running }: Appliance): Promise<string> {
  let code: string | undefined
  await waitFor(`${name}: the setup code on the serial port`, async () => {
    code = [...(await running.serial()).matchAll(codePattern)].at(-1)?.[1]
    return code !== undefined
  })
  return code ?? ''
}

/** SHA-256 of the certificate that is shown there, in hexadecimal with colons. */
export async function readFingerprint({ hostPort }: Forward): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port: hostPort, rejectUnauthorized: false })
  try {
    await once(socket, 'secureConnect', { signal: AbortSignal.timeout(60_000) })
    return socket.getPeerCertificate().fingerprint256
  } finally {
    socket.destroy()
  }
}
