/** One terminal's console: keys in, the screen out, what is asked for passed on to the agent. */
import { type Actions, perform } from './effects.ts'
import { decodeKeys } from './keys.ts'
import { clearScreen, epilogue, paint } from './paint.ts'
import { react } from './reducer.ts'
import { renderScreen } from './render.ts'
import type { Keyboard, Screen } from './terminal.ts'
import { createView, type Event, type Shown, type Size, type View } from './view.ts'

/** Calls `task` once, later; what it returns calls that off. */
export type Schedule = (delayMs: number, task: () => void) => () => void

export interface ConsoleOptions {
  readonly input: Keyboard
  readonly output: Screen
  readonly actions: Actions
  /** Unix milliseconds. */
  readonly now: () => number
  readonly schedule: Schedule
  /** The terminal has gone away; the console is closed then. */
  readonly onGone: () => void
}

export interface Console {
  show(status: Shown['status'], more?: Omit<Shown, 'status'>): void
  close(): void
}

const secondMs = 1000
/** Kernel messages are written over the screen by whoever is not asked: after so many seconds nothing is left of them. */
const secondsPerRepaint = 5
/** Within it, what follows ESC belongs to it. */
const escapeMs = 50

export const schedule: Schedule = (delayMs, task) => {
  const timer = setTimeout(task, delayMs)
  return () => clearTimeout(timer)
}

export function openConsole({ input, output, actions, now, schedule, onGone }: ConsoleOptions): Console {
  let present: { shown: Shown; view: View } | undefined
  let painted: { lines: readonly string[]; size: Size } | undefined
  let isOpen = true
  let unread = ''
  let seconds = 0
  let callOffEscape = () => {}

  const draw = ({ isAll = false, clears = false } = {}) => {
    if (!present || !isOpen) return
    const size = output.size()
    const lines = renderScreen(present.shown, present.view, { size, nowMs: now() })
    const isSameSize = painted?.size.columns === size.columns && painted.size.rows === size.rows
    const before = isAll || clears || !isSameSize ? undefined : painted?.lines
    const text = (clears || !isSameSize ? clearScreen : '') + paint(lines, before, size.columns)
    const taken = text === '' ? 0 : output.write(text)
    if (taken === 'gone') return leave()
    // What a stopped terminal has not taken is painted again, all of it, when the next second has passed.
    painted = taken === text.length ? { lines, size } : undefined
  }
  const handle = (event: Event) => {
    if (!present || !isOpen) return
    const { view, effect } = react(present.view, event, { shown: present.shown, nowMs: now() })
    present = { ...present, view }
    if (effect) void perform(effect, actions).then(outcome => handle({ kind: 'outcome', ticket: view.ticket, outcome }))
    draw()
  }
  const read = (text: string, ended: boolean) => {
    callOffEscape()
    const { keys, rest } = decodeKeys(unread + text, { ended })
    unread = rest
    if (rest !== '') callOffEscape = schedule(escapeMs, () => read('', true))
    for (const key of keys) {
      if (key.kind === 'named' && key.name === 'Redraw') draw({ clears: true })
      else handle({ kind: 'key', key })
    }
  }
  const tick = () => {
    seconds += 1
    handle({ kind: 'news' })
    if (seconds % secondsPerRepaint === 0) draw({ isAll: true })
    if (isOpen) callOffTick = schedule(secondMs, tick)
  }
  let callOffTick = schedule(secondMs, tick)
  const stop = () => {
    isOpen = false
    callOffTick()
    callOffEscape()
  }
  const leave = () => {
    if (!isOpen) return
    stop()
    onGone()
  }

  input.setEncoding('utf8')
  input.on('data', text => isOpen && read(text, false))
  input.on('error', leave)
  input.on('close', leave)
  input.setRawMode(true)
  return {
    show(status, more = {}) {
      const shown = { status, ...more }
      present = { shown, view: present?.view ?? createView(shown, now()) }
      handle({ kind: 'news' })
    },
    close() {
      if (!isOpen) return
      stop()
      output.write(epilogue)
      input.setRawMode(false)
    },
  }
}
