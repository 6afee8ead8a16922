/** The agent's faces: tty1 with its keys, and the serial port. */
import { basename } from 'node:path'
import { schedule } from '../console/console.ts'
import { keepConsole } from '../console/keep.ts'
import { openSerialTwin } from '../console/serial-twin.ts'
import { hasSession } from '../console/sessions.ts'
import { createTtyOutput, openTerminal } from '../console/terminal.ts'
import type { Run } from '../run.ts'
import type { Appliance } from './appliance.ts'
import { describeFailure } from './failures.ts'
import { accountOf, verifyPassword } from './passwords.ts'
import type { Places } from './places.ts'
import { RefusedError } from './refusal.ts'
import type { Status } from './status.ts'

export interface ScreenParts {
  readonly appliance: Appliance
  readonly run: Run
  readonly places: Pick<Places, 'console' | 'serial'>
  nudge(): void
}

export interface Screens {
  show(status: Status): void
  /** Leaves an empty screen: what it said would hold no more. */
  close(): void
}

/** logind starts a login where somebody looks; what it does by D-Bus, `chvt` of another package would do. */
const seat = ['org.freedesktop.login1', '/org/freedesktop/login1/seat/seat0', 'org.freedesktop.login1.Seat']
const toSecondTerminal = ['busctl', 'call', ...seat, 'SwitchTo', 'u', '2']

/** Whatever it prints is its own affair, but it has to do it. */
async function command(run: Run, argv: readonly string[]): Promise<void> {
  const { exitCode, stderr } = await run(argv)
  if (exitCode !== 0) throw new Error(stderr.trim() || `${argv[0]} exited with ${exitCode}`)
}

export function openScreens({ appliance, run, places, nudge }: ScreenParts): Screens {
  const { keeper, claims, window, applier } = appliance
  const account = () => accountOf(applier.facts())
  const actions = {
    verifyPassword: async (text: string) => {
      const who = account()
      return who !== undefined && verifyPassword(run, who, text)
    },
    loadNetwork: async () => keeper.current().values,
    changeNetwork: async (values: Readonly<Record<string, string>>) => {
      try {
        return await keeper.change({ values })
      } catch (thrown) {
        if (thrown instanceof RefusedError) return thrown.refusal
        throw thrown
      } finally {
        nudge()
      }
    },
    keepNetwork: async () => {
      const { failures } = await claims.confirm(undefined).finally(nudge)
      if (failures.length > 0) throw new Error(`it is kept, but: ${failures.map(describeFailure).join('; ')}`)
    },
    reopenSetup: async () => {
      window.reopen()
      nudge()
    },
    reboot: () => command(run, ['systemctl', '--no-block', 'reboot']),
    shutDown: () => command(run, ['systemctl', '--no-block', 'poweroff']),
    logIn: () => command(run, toSecondTerminal),
  }
  const now = Date.now
  const screen = keepConsole({ open: () => openTerminal(places.console), actions, now, schedule })
  const output = createTtyOutput(places.serial)
  const twin = openSerialTwin({ output, isBusy: () => hasSession(basename(places.serial)), schedule })
  return {
    show(status) {
      const [code, who] = [appliance.claimed.isSet() ? undefined : window.code(), account()]
      const more = { ...(code !== undefined && { code }), ...(who !== undefined && { account: who }) }
      screen.show(status, more)
      twin.show(status, more)
    },
    close() {
      screen.close()
      twin.close()
    },
  }
}
