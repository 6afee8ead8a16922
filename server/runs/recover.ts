/** After a crash: a run that was under way is never executed again in silence, but reported as failed. */
import type { Clock } from '../core/clock.ts'
import { exactNumber, parseExactJson, renderExactJson } from '../core/json.ts'
import type { RunRecord, RunStore } from '../store/port.ts'

const message = 'the server stopped while this run was under way; whether the function finished its work is unknown'

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

export function planInterrupted(record: RunRecord, nowNs: bigint): RunRecord {
  const parsed = parseExactJson(record.body)
  const body = {
    ...(isObject(parsed) && parsed),
    status: 'ERROR',
    reason: [`error running function: ${record.functionName}: ${message}`],
    error: { type: 'SystemError', message, stacktrace: null },
    finishedTime: exactNumber(nowNs),
  }
  return { ...record, status: 'ERROR', modifiedNs: nowNs, body: renderExactJson(body) }
}

/** Returns how many runs were found interrupted. Call it before any new run is accepted. */
export async function recoverInterrupted(runs: RunStore, clock: Clock): Promise<number> {
  const unfinished = await runs.unfinished()
  await Promise.all(unfinished.map(record => runs.put(planInterrupted(record, clock.nowNs()))))
  return unfinished.length
}
