/** Reads what the demo and the tests show: a file that says what an agent would. */
import type { Shown } from './view.ts'

/** JSON with `nowMs`, the Unix time at which the clock begins, and the fields of `Shown`. It is our own, so its shape is trusted. */
export function parseShown(json: string): { shown: Shown; nowMs: number } {
  const { nowMs, ...shown } = JSON.parse(json) as Shown & { nowMs: number }
  return { shown, nowMs }
}
