/** After a crash: a run that was begun is never executed again in silence, but reported as failed. */
import type { Clock } from '../core/clock.ts'
import { exactNumber, isRecord, parseExactJson, renderExactJson } from '../core/json.ts'
import type { RunRecord, RunStore } from '../store/port.ts'
import { withoutCredentials } from './credentials.ts'

const interrupted = 'the server stopped while this run was under way; whether the function finished its work is unknown'

/** How many are read at once: their bodies may be large. */
const batch = 50

export function planInterrupted(record: RunRecord, nowNs: bigint): RunRecord {
  const parsed = parseExactJson(record.body)
  const body = {
    ...(isRecord(parsed) && withoutCredentials(parsed)),
    status: 'ERROR',
    reason: [`error running function: ${record.functionName}: ${interrupted}`],
    error: { type: 'SystemError', message: interrupted, stacktrace: null },
    finishedTime: exactNumber(nowNs),
  }
  return { ...record, status: 'ERROR', modifiedNs: nowNs, body: renderExactJson(body) }
}

/** Returns how many runs were found interrupted. Call it before any new run is accepted. */
export async function recoverInterrupted(runs: RunStore, clock: Clock): Promise<number> {
  let count = 0
  for (;;) {
    const begun = await runs.begun(batch)
    if (begun.length === 0) return count
    await Promise.all(begun.map(record => runs.put(planInterrupted(record, clock.nowNs()))))
    count += begun.length
  }
}
