/** Plans what a function's container may use, beside what the engine gives to each. Pure. */
import type { FunctionLimits } from '../core/execution.ts'
import type { ContainerUpdate } from '../docker/port.ts'
import type { EngineLimits } from './options.ts'

/** Threads count, too: a worker of nodejs has about 11, one of Java 20. The rest is for what the calls start themselves. */
const processesPerWorker = 32

type Given = Pick<EngineLimits, 'maxProcesses' | 'maxWorkers'>

/** Enough for as many workers as the function may ever have, and never less than the engine gives. */
export const planProcesses = (concurrency: number, { maxProcesses, maxWorkers }: Given): number =>
  Math.max(maxProcesses, processesPerWorker * Math.min(concurrency, maxWorkers))

/** Where a generic container must be changed for the function that takes it; most need nothing, which costs no time. */
export function planUpdate({ memoryBytes, cpus }: FunctionLimits, concurrency: number, given: Given): ContainerUpdate {
  const maxProcesses = planProcesses(concurrency, given)
  return {
    ...(memoryBytes !== undefined && { memoryBytes }),
    ...(cpus !== undefined && { cpus }),
    ...(maxProcesses > given.maxProcesses && { maxProcesses }),
  }
}
