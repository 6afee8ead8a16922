/** The workers of one function in one container: starts as many as its calls need. */
import { ContainerLostError } from './control.ts'
import type { EngineLimits } from './options.ts'
import { planStarts } from './plan-starts.ts'
import type { Slots } from './slots.ts'
import type { Worker } from './worker.ts'

export interface StaffOptions {
  slots: Slots<Worker>
  startWorker(): Promise<Worker>
  limits: EngineLimits
}

export interface Staff {
  hire(worker: Worker): void
  /** Starts what is missing; to be called when a call waits. */
  grow(): void
  /** The container is gone: whatever is still on its way does not count any more. */
  dismiss(): void
}

export function createStaff({ slots, startWorker, limits }: StaffOptions): Staff {
  let alive = 0
  let starting = 0
  let dismissed = false

  function hire(worker: Worker): void {
    if (dismissed) return
    alive += 1
    slots.add(worker)
    void worker.leaving.then(() => slots.remove(worker))
    void worker.ended.then(() => {
      alive -= 1
      grow()
    })
  }

  function grow(): void {
    if (dismissed) return
    const count = planStarts({ alive, starting, waiting: slots.waiting }, limits)
    starting += count
    for (let n = 0; n < count; n += 1) void start()
  }

  async function start(): Promise<void> {
    try {
      const worker = await startWorker()
      starting -= 1
      hire(worker)
      grow()
    } catch (thrown) {
      starting -= 1
      // Who waits is served from another container.
      if (dismissed || thrown instanceof ContainerLostError) return
      // Each failure costs one waiting call its turn, so that trying comes to an end.
      slots.rejectFirst(thrown instanceof Error ? thrown : new Error(String(thrown)))
      if (slots.waiting > 0) grow()
    }
  }

  return {
    hire,
    grow,
    dismiss: () => {
      dismissed = true
      slots.clear()
    },
  }
}
