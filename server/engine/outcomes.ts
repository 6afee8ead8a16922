/** The texts with which calls end when the function did not answer; those of the first two are contracts. */
import type { Outcome, RunLogs } from '../core/execution.ts'
import { silent } from './logs.ts'

const functionError = (message: string, logs: RunLogs): Outcome => ({
  ok: false,
  error: { type: 'FunctionError', message, stacktrace: null },
  logs,
})

export const timedOut = (logs: RunLogs): Outcome => functionError('Function execution exceeded the timeout', logs)
export const neverInvoked = (): Outcome => functionError('Did not invoke, already exceeded timeout', silent)
export const notLoaded = (message: string): Outcome => functionError(message, silent)

export interface ProcessEnd {
  code: number | null
  signal: string | null
  outOfMemory: boolean
}

export const describeEnd = ({ code, signal }: ProcessEnd): string =>
  signal === null ? `exited with code ${code}` : `was killed by ${signal}`

export function crashed(end: ProcessEnd, memoryBytes: number, logs: RunLogs): Outcome {
  if (end.outOfMemory) {
    return functionError(`The function ran out of memory: it has ${Math.floor(memoryBytes / 2 ** 20)} MiB`, logs)
  }
  return functionError(`The process of the function ${describeEnd(end)} before it returned a result`, logs)
}

export const systemError = (message: string): Outcome => ({
  ok: false,
  error: { type: 'SystemError', message, stacktrace: null },
  logs: silent,
})
