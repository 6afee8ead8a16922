/** Owns the way to the agent of the appliance that this command runs on: its local socket, for root and group dispatch-admin. */
import { ask } from '../provisioning/appliance/ask.ts'
import { controlSocket } from '../provisioning/appliance/control.ts'
import type { Invocation } from './command.ts'
import { Failure } from './failure.ts'
import { type Json, objectOf, objectsOf, parseJson, textOf } from './format/json.ts'
import type { Io } from './io.ts'

export type Method = 'GET' | 'POST'

/** What is done waits for its turn and for the server, and each step of it has minutes (provisioning/firstboot/apply.ts). */
const limitsMs: Readonly<Record<Method, number>> = { GET: 60_000, POST: 15 * 60_000 }

const notYet = (method: Method, limitMs: number): string => {
  const within = `the appliance has not answered within ${Math.ceil(limitMs / 60_000)} min`
  if (method === 'GET') return `${within}: look at \`systemctl status dispatch-appliance\``
  return `${within}: what was asked for may still be under way, or done. Look at \`dispatch appliance status\` before you ask again`
}

interface Asked {
  readonly method: Method
  readonly path: string
  readonly limitMs: number
}

function describeConnection(thrown: unknown, { method, path, limitMs }: Asked): string {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : ''
  if (code === 'EACCES')
    return 'only root and members of the group dispatch-admin may ask the appliance: log in as admin'
  if (code === 'ABORT_ERR') return notYet(method, limitMs)
  if (code === 'ENOENT' || code === 'ECONNREFUSED')
    return `there is no appliance here (nothing listens at ${path}): run this on one; there, look at \`systemctl status dispatch-appliance\``
  return `the appliance does not answer: ${thrown instanceof Error ? thrown.message : String(thrown)}`
}

/** One fault a line, below what failed as a whole. */
function renderRefusal(body: Json): string {
  const { message, faults } = objectOf(body)
  const lines = objectsOf(faults).map(fault => `  ${textOf(fault.key)}: ${textOf(fault.problem)}`)
  return [textOf(message) || 'the appliance refused', ...lines].join('\n')
}

/** Of what was done, what could not be; undefined: all of it was. */
function renderUnapplied(answer: Json): string | undefined {
  const lines = objectsOf(objectOf(answer).failures).map(({ step, problem }) => `  ${textOf(step)}: ${textOf(problem)}`)
  if (lines.length === 0) return undefined
  const [title, next] = [
    'the settings are kept, but these steps failed:',
    'They are tried again by the next change and by a restart; a password has to be set again.',
  ]
  return [title, ...lines, next].join('\n')
}

/** A step that failed counts as a failure, since something is not as it was asked for. */
export function expectApplied(answer: Json): void {
  const unapplied = renderUnapplied(answer)
  if (unapplied !== undefined) throw new Failure(unapplied)
}

/** Throws Failure with the agent's own words. */
export async function askAgent(
  io: Pick<Io, 'env'>,
  method: Method,
  path: string,
  body?: unknown,
  limitMs = limitsMs[method],
): Promise<Json> {
  const socketPath = io.env.DISPATCH_APPLIANCE_SOCKET || controlSocket
  const { status, text } = await ask({ socketPath, method, path, body, timeoutMs: limitMs }).catch(thrown => {
    throw new Failure(describeConnection(thrown, { method, path: socketPath, limitMs }))
  })
  const answer = parseJson(text)
  if (status !== 200) throw new Failure(renderRefusal(answer))
  return answer
}

/** It is claimed: a script that took a step that failed for a failed claim would try in vain again. */
export function reportClaimed({ session, io }: Pick<Invocation, 'session' | 'io'>, claimed: Json): void {
  session.report(`Claimed the appliance: admin of the organization ${textOf(objectOf(claimed).organization)}`)
  const unapplied = renderUnapplied(claimed)
  if (unapplied !== undefined) io.stderr.write(`Warning: ${unapplied}\n`)
}
