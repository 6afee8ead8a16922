/** Asks the agent over its socket: the only one who knows the code, and who claims. */
import { ask as askSocket, type Question, type RawAnswer } from '../appliance/ask.ts'
import type {
  CheckAnswer,
  ClaimAnswer,
  Claimed,
  ClaimRequest,
  ConfirmRequest,
  Refusal,
  SettingsAnswer,
} from '../appliance/control.ts'
import type { Status } from '../appliance/status.ts'
import type { Fault, Values } from '../firstboot/settings.ts'

export type Reply<Answer> = { readonly answer: Answer } | { readonly refusal: Refusal }

export interface Agent {
  status(): Promise<Status>
  settings(): Promise<SettingsAnswer>
  check(values: Values): Promise<readonly Fault[]>
  claim(asked: ClaimRequest): Promise<Reply<ClaimAnswer>>
  /** Empty where nobody has claimed, and only the network was tried. */
  confirm(asked: ConfirmRequest): Promise<Reply<Partial<Claimed>>>
}

/** It did not answer, or not in time, or with nothing that can be read. What was asked for may have been done. */
export class AgentSilent extends Error {}

export interface AgentOptions {
  readonly socketPath: string
  /** For what is looked up. */
  readonly lookMs?: number
  /** For what is done: networks and containers are waited for. */
  readonly workMs?: number
}

type Asked = Omit<Question, 'socketPath'>

function parseReply<Answer>({ status, text }: RawAnswer): Reply<Answer> {
  const value: unknown = JSON.parse(text)
  if (typeof value !== 'object' || value === null) throw new Error('an answer that is no object')
  if (status >= 200 && status < 300) return { answer: value as Answer }
  if (!('reason' in value)) throw new Error(`an answer of ${status} without a reason`)
  return { refusal: value as Refusal }
}

export function connectAgent({ socketPath, lookMs = 10_000, workMs = 180_000 }: AgentOptions): Agent {
  async function ask<Answer>(question: Asked): Promise<Reply<Answer>> {
    try {
      return parseReply(await askSocket({ socketPath, ...question }))
    } catch (thrown) {
      throw new AgentSilent(`the agent did not answer ${question.path}`, { cause: thrown })
    }
  }
  /** `instead`: of what the agent has no time for. */
  async function look<Answer>(question: Omit<Asked, 'timeoutMs'>, instead?: Answer): Promise<Answer> {
    const reply = await ask<Answer>({ ...question, timeoutMs: lookMs })
    if ('answer' in reply) return reply.answer
    if (instead !== undefined && reply.refusal.reason === 'too-many-checks') return instead
    throw new AgentSilent(`the agent refused ${question.path}: ${reply.refusal.message}`)
  }
  const work = <Answer>(path: string, body: object): Promise<Reply<Answer>> =>
    ask({ method: 'POST', path, body, timeoutMs: workMs })
  return {
    status: () => look({ method: 'GET', path: '/v1/status' }),
    settings: () => look({ method: 'GET', path: '/v1/settings' }),
    // A claim checks everything once more.
    check: async values =>
      (await look<CheckAnswer>({ method: 'POST', path: '/v1/check', body: { values } }, { faults: [] })).faults,
    claim: asked => work('/v1/claim', asked),
    confirm: asked => work('/v1/confirm', asked),
  }
}
