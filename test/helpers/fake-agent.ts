/** The agent of an unclaimed appliance on a real socket: it knows the code, slows down who guesses, and lets one claim through. */
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { ClaimAnswer, ClaimRequest, Refusal } from '../../provisioning/appliance/control.ts'
import { createSetupWindow } from '../../provisioning/appliance/setup-window.ts'
import type { Status } from '../../provisioning/appliance/status.ts'
import type { Fault, Values } from '../../provisioning/firstboot/settings.ts'

export const code = '77777-77777'
export const claimed: ClaimAnswer = {
  outcome: 'claimed',
  organization: 'dispatch',
  hosts: ['dispatch.example.com', '10.0.0.5'],
  sshLogin: 'both',
  failures: [],
}
/** By DHCP. */
export const present: Values = {
  ...{ 'network.fqdn': 'localhost', 'network.ip0': '10.0.2.15/24', 'network.gateway': '10.0.2.2' },
  'network.DNS': '10.0.2.3 10.0.2.4',
}
const dhcp: Values = { 'network.fqdn': 'dispatch.example.com', 'network.ntp': 'time.example.com' }

export interface FakeAgent {
  readonly socketPath: string
  /** What was asked for, as it came; without what is only looked up. */
  readonly claims: readonly ClaimRequest[]
  readonly checks: readonly Values[]
  values: Values
  /** What of these would not be taken. */
  findFaults(values: Values): readonly Fault[]
  /** What the next claims come to. */
  claim(values: Values): Promise<ClaimAnswer>
  isOpen: boolean
  isClaimed: boolean
  state: Status['state']
  trial: { untilMs: number; addresses: string[] } | undefined
  nowMs(): number
  /** The socket stays, and answers nothing. */
  isMute: boolean
  close(): Promise<void>
}

const statuses: Record<Refusal['reason'], number> = {
  'wrong-code': 403,
  claimed: 409,
  'claim-under-way': 409,
  'window-over': 410,
  faults: 422,
  'too-many-codes': 429,
  'too-many-checks': 429,
  'no-trial': 409,
  failed: 500,
}

export class Refused extends Error {
  readonly refusal: Refusal
  constructor(reason: Refusal['reason'], more: Partial<Refusal> = {}) {
    super(reason)
    this.refusal = { reason, message: `refused: ${reason}`, ...more }
  }
}

function statusOf(agent: FakeAgent, waitUntilMs: number | undefined): Status {
  const setup = { isOpen: agent.isOpen, openUntilMs: agent.nowMs() + 1_800_000, ...(waitUntilMs && { waitUntilMs }) }
  return {
    ...{ product: 'Dispatch Solo', version: '0.1.0', state: agent.isClaimed ? 'ready' : agent.state, reasons: [] },
    ...{ hostName: 'dispatch', urls: [], addresses: [], fingerprints: {}, health: [], faults: [], failures: [] },
    ...(!agent.isClaimed && { setup }),
    ...(agent.trial && { trial: agent.trial }),
  }
}

/** The agent's own: what a wrong code costs is the same here as there. */
function createDoor(agent: FakeAgent) {
  const window = createSetupWindow({
    monotonicMs: () => agent.nowMs(),
    nowMs: () => agent.nowMs(),
    randomBytes: count => new Uint8Array(count).fill(7),
  })
  return {
    waitUntilMs: () => (window.pauseMs() > 0 ? agent.nowMs() + window.pauseMs() : undefined),
    check: (typed = '', from = ''): void => {
      const verdict = window.judge(typed, from)
      if (verdict.kind === 'wrong') throw new Refused('wrong-code')
      if (verdict.kind === 'wait')
        throw new Refused('too-many-codes', { waitSeconds: Math.ceil(verdict.waitMs / 1000) })
    },
  }
}

type Handler = (body: ClaimRequest) => unknown

function createHandlers(
  agent: FakeAgent,
  record: { claims: ClaimRequest[]; checks: Values[] },
): Record<string, Handler> {
  const door = createDoor(agent)
  let isUnderWay = false
  const admit = ({ code: typed, from }: Pick<ClaimRequest, 'code' | 'from'>): void => {
    if (agent.isClaimed) throw new Refused('claimed')
    if (!agent.isOpen) throw new Refused('window-over')
    door.check(typed, from)
    if (isUnderWay) throw new Refused('claim-under-way')
  }
  const work = async (values: Values): Promise<ClaimAnswer> => {
    isUnderWay = true
    try {
      const answer = await agent.claim(values)
      if (answer.outcome === 'claimed') agent.isClaimed = true
      else agent.trial = { untilMs: answer.untilMs, addresses: [...answer.addresses] }
      return answer
    } finally {
      isUnderWay = false
    }
  }
  return {
    'GET /v1/status': () => statusOf(agent, door.waitUntilMs()),
    'GET /v1/settings': () => ({ values: agent.values, present }),
    'POST /v1/check': ({ values }) => {
      record.checks.push(values)
      return { faults: agent.findFaults(values) }
    },
    'POST /v1/claim': body => {
      record.claims.push(body)
      admit(body)
      const faults = agent.findFaults(body.values)
      if (faults.length > 0) throw new Refused('faults', { faults })
      return work(body.values)
    },
    'POST /v1/confirm': body => {
      admit(body)
      if (!agent.trial || agent.nowMs() >= agent.trial.untilMs) throw new Refused('no-trial')
      agent.trial = undefined
      // One that was begun on the console claims nothing.
      agent.isClaimed = record.claims.length > 0
      return agent.isClaimed ? claimed : {}
    },
  }
}

async function answer(handlers: Record<string, Handler>, request: IncomingMessage, response: ServerResponse) {
  const send = (status: number, body: unknown) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  try {
    const sent = await text(request)
    const handle = handlers[`${request.method} ${request.url}`]
    send(handle ? 200 : 404, handle ? await handle(sent === '' ? { values: {} } : JSON.parse(sent)) : {})
  } catch (thrown) {
    const refusal: Refusal = thrown instanceof Refused ? thrown.refusal : { reason: 'failed', message: String(thrown) }
    send(statuses[refusal.reason], refusal)
  }
}

export async function startFakeAgent(t: { teardown(end: () => unknown): void }): Promise<FakeAgent> {
  const directory = await mkdtemp(join(tmpdir(), 'dispatch-agent-'))
  const record = { claims: [] as ClaimRequest[], checks: [] as Values[] }
  const server = createServer((request, response) => {
    if (!agent.isMute) void answer(handlers, request, response)
  })
  const agent: FakeAgent = {
    ...record,
    socketPath: join(directory, 'setup.sock'),
    values: dhcp,
    findFaults: () => [],
    claim: async () => claimed,
    ...{ isOpen: true, isClaimed: false, state: 'unclaimed', trial: undefined, isMute: false },
    nowMs: Date.now,
    close: async () => {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
  const handlers = createHandlers(agent, record)
  await new Promise<void>(resolve => server.listen(agent.socketPath, resolve))
  t.teardown(async () => {
    await agent.close()
    await rm(directory, { recursive: true, force: true })
  })
  return agent
}
