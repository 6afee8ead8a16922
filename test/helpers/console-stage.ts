/** A console without a terminal: keys are typed into it, what it paints is kept, and its time is turned by hand. */
import { EventEmitter } from 'node:events'
import { type Console, openConsole, type Schedule } from '../../provisioning/console/console.ts'
import type { Actions } from '../../provisioning/console/effects.ts'
import type { Keyboard, Screen } from '../../provisioning/console/terminal.ts'
import type { Size } from '../../provisioning/console/view.ts'

export interface TurnedClock {
  now(): number
  readonly schedule: Schedule
  /** Runs what is due, in its order. */
  turn(ms: number): void
}

export function createTurnedClock(startMs: number): TurnedClock {
  let nowMs = startMs
  let due: { atMs: number; task: () => void }[] = []
  return {
    now: () => nowMs,
    schedule(delayMs, task) {
      const entry = { atMs: nowMs + delayMs, task }
      due.push(entry)
      return () => {
        due = due.filter(other => other !== entry)
      }
    },
    turn(ms) {
      const endMs = nowMs + ms
      for (;;) {
        const [next] = due.filter(({ atMs }) => atMs <= endMs).sort((one, other) => one.atMs - other.atMs)
        if (!next) break
        nowMs = next.atMs
        due = due.filter(other => other !== next)
        next.task()
      }
      nowMs = endMs
    },
  }
}

export interface PlayedTerminal {
  readonly input: Keyboard & EventEmitter & { readonly modes: readonly boolean[] }
  readonly output: Screen
  type(text: string): void
  /** What was written since the last time. */
  written(): string
  resize(size: Size): void
  /** `gone`, or how much of each text is taken. */
  take(share: number | 'gone'): void
}

export function createPlayedTerminal(): PlayedTerminal {
  let text = ''
  let size: Size = { columns: 80, rows: 25 }
  let share: number | 'gone' = 1
  const modes: boolean[] = []
  const setRawMode = (isRaw: boolean) => modes.push(isRaw)
  const input = Object.assign(new EventEmitter(), { modes, setRawMode, setEncoding() {}, destroy() {} })
  const write = (more: string): number | 'gone' => {
    if (share === 'gone') return 'gone'
    const taken = Math.floor(more.length * share)
    text += more.slice(0, taken)
    return taken
  }
  return {
    input,
    output: { write, size: () => size },
    type: keys => input.emit('data', keys),
    written() {
      const since = text
      text = ''
      return since
    },
    resize: other => {
      size = other
    },
    take: other => {
      share = other
    },
  }
}

/** Everything succeeds, and the password is `pass`. */
export const yielding: Actions = {
  verifyPassword: async text => text === 'pass',
  loadNetwork: async () => ({}),
  changeNetwork: async () => ({ outcome: 'unchanged', changed: [] }),
  keepNetwork: async () => {},
  reopenSetup: async () => {},
  reboot: async () => {},
  shutDown: async () => {},
  logIn: async () => {},
}

export interface PlayedConsole extends PlayedTerminal {
  readonly screen: Console
  readonly clock: TurnedClock
  isGone(): boolean
}

export function playConsole(actions: Partial<Actions>, startMs: number): PlayedConsole {
  const terminal = createPlayedTerminal()
  const clock = createTurnedClock(startMs)
  let isGone = false
  const onGone = () => {
    isGone = true
  }
  const screen = openConsole({ ...terminal, ...clock, actions: { ...yielding, ...actions }, onGone })
  return { ...terminal, screen, clock, isGone: () => isGone }
}
