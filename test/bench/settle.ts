/** Waits for a machine at rest, so that a sample does not pay for what the one before it set off. */
import { cpus } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'

const windowMs = 150
const maxBusyShare = 0.15
const patienceMs = 5_000

interface CpuTimes {
  readonly idleMs: number
  readonly totalMs: number
}

function readCpuTimes(): CpuTimes {
  const times = cpus().map(cpu => cpu.times)
  const idleMs = times.reduce((sum, { idle }) => sum + idle, 0)
  const totalMs = times.reduce((sum, { user, nice, sys, idle, irq }) => sum + user + nice + sys + idle + irq, 0)
  return { idleMs, totalMs }
}

/** A machine that others keep busy is measured all the same; its figures carry their own floor. */
export async function settle(): Promise<void> {
  const deadlineMs = performance.now() + patienceMs
  let before = readCpuTimes()
  while (performance.now() < deadlineMs) {
    await pause(windowMs)
    const now = readCpuTimes()
    const busyShare = 1 - (now.idleMs - before.idleMs) / (now.totalMs - before.totalMs)
    if (busyShare <= maxBusyShare) return
    before = now
  }
}
