/** Tells systemd how the server is doing; says nothing where no systemd listens. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
// @ts-expect-error The package has no types; its one function is given them below.
import systemdNotify from 'systemd-notify'
import { messageOf } from './core/errors.ts'

export interface Notifier {
  /** The server answers requests now. */
  ready(): Promise<void>
  /** One line for `systemctl status`. */
  status(text: string): Promise<void>
  /** A sign of life; due every `watchdogIntervalMs`. */
  watchdog(): Promise<void>
  /** The server drains and will end. */
  stopping(): Promise<void>
  /** Half of the time after which systemd takes the server for dead; undefined when it does not watch. */
  watchdogIntervalMs: number | undefined
}

export interface NotifierOptions {
  env: Record<string, string | undefined>
  /** Hears of the first failure to reach systemd; further ones would only repeat it. */
  log: { warn(message: string): void }
  /** Process that systemd watches; this one unless told otherwise. */
  pid?: number
  /** Runs a program to its end. */
  run?: (file: string, args: string[]) => Promise<unknown>
}

type SendState = (state: { ready?: boolean; status?: string; pid: number }) => Promise<unknown>

/** Sends READY and STATUS; it has no way to send anything else, hence the binary for the rest. */
const sendState: SendState = systemdNotify

/** No message fails the caller. They need `NotifyAccess=all`: each comes from a short-lived child process. */
export function createNotifier({ env, log, pid = process.pid, run = promisify(execFile) }: NotifierOptions): Notifier {
  const isHeard = Boolean(env.NOTIFY_SOCKET)
  let hasFailed = false
  const send = async (message: () => Promise<unknown>): Promise<void> => {
    if (!isHeard) return
    try {
      await message()
    } catch (thrown) {
      if (!hasFailed) log.warn(`systemd was not notified: ${messageOf(thrown)}`)
      hasFailed = true
    }
  }
  return {
    ready: () => send(() => sendState({ ready: true, pid })),
    status: text => send(() => sendState({ status: text.replaceAll('\n', ' '), pid })),
    watchdog: () => send(() => run('systemd-notify', ['WATCHDOG=1'])),
    stopping: () => send(() => run('systemd-notify', ['STOPPING=1'])),
    watchdogIntervalMs: isHeard ? planWatchdogMs(env, pid) : undefined,
  }
}

/** @see https://www.freedesktop.org/software/systemd/man/latest/sd_watchdog_enabled.html */
function planWatchdogMs({ WATCHDOG_USEC, WATCHDOG_PID }: NotifierOptions['env'], pid: number): number | undefined {
  const isMeant = !WATCHDOG_PID || WATCHDOG_PID === `${pid}`
  const timeoutUs = Number(WATCHDOG_USEC)
  return isMeant && timeoutUs > 0 ? timeoutUs / 2000 : undefined
}
