/** Tells systemd that the agent lives, for as long as its looks come to an end: it starts one anew that hangs. */
import type { Notifier } from '../../server/notify.ts'
import type { Watch } from './watch.ts'

/** A look waits for programs and for the server, each for a minute at most. */
export const longestLookMs = 5 * 60_000

export interface SignsParts {
  readonly notifier: Pick<Notifier, 'watchdog' | 'watchdogIntervalMs'>
  readonly watch: Pick<Watch, 'lookingMs'>
  every(intervalMs: number, work: () => void): void
}

/** Nothing where systemd does not watch. */
export function giveSignsOfLife({ notifier, watch, every }: SignsParts): void {
  const { watchdogIntervalMs } = notifier
  if (watchdogIntervalMs === undefined) return
  every(watchdogIntervalMs, () => {
    if (watch.lookingMs() < longestLookMs) void notifier.watchdog()
  })
}
