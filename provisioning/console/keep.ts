/** Keeps a console on a terminal for as long as the agent lives, also when the terminal goes away and comes back. */
import { type Console, type ConsoleOptions, openConsole } from './console.ts'
import type { Terminal } from './terminal.ts'
import type { Shown } from './view.ts'

export interface KeptOptions extends Pick<ConsoleOptions, 'actions' | 'now' | 'schedule'> {
  /** Undefined: there is none, for now. */
  readonly open: () => Terminal | undefined
}

const retryMs = 5000

export function keepConsole({ open, schedule, ...rest }: KeptOptions): Console {
  let shown: Shown | undefined
  let current: { console: Console; terminal: Terminal } | undefined
  let callOff = () => {}

  const attach = () => {
    const terminal = open()
    if (!terminal) {
      callOff = schedule(retryMs, attach)
      return
    }
    const { input, output } = terminal
    const onGone = () => {
      terminal.close()
      current = undefined
      callOff = schedule(retryMs, attach)
    }
    current = { console: openConsole({ input, output, schedule, ...rest, onGone }), terminal }
    if (shown) present(shown)
  }
  const present = ({ status, ...more }: Shown) => current?.console.show(status, more)
  attach()
  return {
    show(status, more = {}) {
      shown = { status, ...more }
      present(shown)
    },
    close() {
      callOff()
      current?.console.close()
      current?.terminal.close()
      current = undefined
    },
  }
}
