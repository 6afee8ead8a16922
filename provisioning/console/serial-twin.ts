/**
 * The console's twin on the serial port, which hypervisors show too: a few plain lines when something has changed. It
 * shares the line with kernel messages and a login, so it only ever adds lines, and waits while somebody works there.
 */
import type { Console, Schedule } from './console.ts'
import { renderSerial, summarize } from './serial-text.ts'
import type { Output } from './terminal.ts'

export interface SerialTwinOptions {
  readonly output: Output
  /** Whether somebody is logged in on this line. */
  readonly isBusy: () => Promise<boolean>
  readonly schedule: Schedule
}

/** What comes and goes within it is not told. */
const settleMs = 2000
const retryMs = 10_000

export function openSerialTwin({ output, isBusy, schedule }: SerialTwinOptions): Console {
  let told = ''
  let wanted = { summary: '', text: '' }
  let rest = ''
  let callOff: (() => void) | undefined
  let isOpen = true

  const hasNews = () => wanted.summary !== told
  const later = (delayMs: number) => {
    callOff ??= schedule(delayMs, () => void tell())
  }
  const tell = async () => {
    callOff = undefined
    if (!isOpen || (!hasNews() && rest === '')) return
    if (await isBusy()) return later(retryMs)
    if (!isOpen) return
    if (rest === '') {
      rest = wanted.text
      told = wanted.summary
    }
    const taken = output.write(rest)
    if (taken === 'gone') {
      // Said anew, from its beginning, once the line is back; on a machine without one that is never.
      told = ''
      rest = ''
      return later(retryMs)
    }
    rest = rest.slice(taken)
    if (rest !== '' || hasNews()) later(settleMs)
  }
  return {
    show(status, more = {}) {
      // The line has the messages of a boot on it, and nothing of use is known yet.
      if (status.state === 'booting') return
      const shown = { status, ...more }
      // A line that a prompt has begun is left as it is.
      wanted = { summary: summarize(shown), text: `\r\n${renderSerial(shown).join('\r\n')}\r\n` }
      if (hasNews()) later(settleMs)
    },
    close() {
      isOpen = false
      callOff?.()
    },
  }
}
