/** Runs one call on a worker that is lent to it, and says how it ended. */
import { maxTimerMs } from '../core/clock.ts'
import type { Outcome } from '../core/execution.ts'
import { isJson } from '../core/json.ts'
import type { CallEnd, CallRequest } from './calls.ts'
import { parseLogs, silent } from './logs.ts'
import type { EngineLimits } from './options.ts'
import { crashed, systemError, timedOut } from './outcomes.ts'
import type { Worker } from './worker.ts'

export interface CallOptions {
  /** Time until its deadline. */
  leftMs: number | undefined
  limits: EngineLimits
}

export async function runCall(worker: Worker, call: CallRequest, { leftMs, limits }: CallOptions): Promise<Outcome> {
  let late = false
  const giveUp = () => {
    late = true
    worker.giveUp(ended)
  }
  const ended = worker.call(call)
  const timer = leftMs === undefined ? undefined : setTimeout(giveUp, Math.min(maxTimerMs, Math.ceil(leftMs)))
  const end = await ended
  clearTimeout(timer)
  if (end.kind === 'unreached' && !late) throw new UnreachedError(end.reason)
  return outcomeOf(end, late, limits)
}

/** The function has certainly not run; its container is of no use any more. */
export class UnreachedError extends Error {
  override readonly name = 'UnreachedError'
}

function outcomeOf(end: CallEnd, late: boolean, limits: EngineLimits): Outcome {
  const logs = 'logs' in end ? parseLogs(end.logs, limits.logBytes) : silent
  if (late) return timedOut(logs)
  switch (end.kind) {
    case 'unreached':
    case 'lost':
      return systemError(`the container of the function went away during the call: ${end.reason}`)
    case 'exited':
      return crashed(end.end, limits.memoryBytes, logs)
    case 'result': {
      if (end.error) return { ok: false, error: end.error, logs }
      const outputJson = end.output.toString()
      return isJson(outputJson) ? { ok: true, outputJson, logs } : { ...systemError(noJson), logs }
    }
  }
}

/**
 * Code of a function shares a process with the program that renders its result, so it could send anything. The text goes into
 * answers as it is, where one that is no JSON would spoil everything around it.
 */
const noJson = 'the result of the function is no JSON: something in it writes to the connection of its worker'
