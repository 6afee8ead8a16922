/** Asks the agent over its socket: the only one who knows the code, and who claims. */
import { request } from 'node:http'
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
  settings(): Promise<Values>
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

interface Question {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly body?: object
  readonly limitMs: number
}

const maxAnswerBytes = 1024 * 1024

interface RawAnswer {
  readonly status: number
  readonly text: string
}

function send(socketPath: string, { method, path, body, limitMs }: Question): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const content = body === undefined ? '' : JSON.stringify(body)
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(content) }
    const signal = AbortSignal.timeout(limitMs)
    const asking = request({ socketPath, method, path, headers, signal, agent: false }, answer => {
      const pieces: Buffer[] = []
      let bytes = 0
      answer.on('data', (piece: Buffer) => {
        bytes += piece.length
        pieces.push(piece)
        if (bytes > maxAnswerBytes) answer.destroy(new Error(`an answer of more than ${maxAnswerBytes} bytes`))
      })
      answer.on('error', reject)
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(pieces).toString() }))
    })
    asking.on('error', reject)
    asking.end(content)
  })
}

function parseReply<Answer>({ status, text }: RawAnswer): Reply<Answer> {
  const value: unknown = JSON.parse(text)
  if (typeof value !== 'object' || value === null) throw new Error('an answer that is no object')
  if (status >= 200 && status < 300) return { answer: value as Answer }
  if (!('reason' in value)) throw new Error(`an answer of ${status} without a reason`)
  return { refusal: value as Refusal }
}

export function connectAgent({ socketPath, lookMs = 10_000, workMs = 180_000 }: AgentOptions): Agent {
  async function ask<Answer>(question: Question): Promise<Reply<Answer>> {
    try {
      return parseReply(await send(socketPath, question))
    } catch (thrown) {
      throw new AgentSilent(`the agent did not answer ${question.path}`, { cause: thrown })
    }
  }
  async function look<Answer>(question: Omit<Question, 'limitMs'>): Promise<Answer> {
    const reply = await ask<Answer>({ ...question, limitMs: lookMs })
    if ('answer' in reply) return reply.answer
    throw new AgentSilent(`the agent refused ${question.path}: ${reply.refusal.message}`)
  }
  const work = <Answer>(path: string, body: object): Promise<Reply<Answer>> =>
    ask({ method: 'POST', path, body, limitMs: workMs })
  return {
    status: () => look({ method: 'GET', path: '/v1/status' }),
    settings: async () => (await look<SettingsAnswer>({ method: 'GET', path: '/v1/settings' })).values,
    check: async values => (await look<CheckAnswer>({ method: 'POST', path: '/v1/check', body: { values } })).faults,
    claim: asked => work('/v1/claim', asked),
    confirm: asked => work('/v1/confirm', asked),
  }
}
