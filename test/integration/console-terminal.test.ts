/** The console on a terminal that is not its process's own, as tty1 is not the agent's. */
import { readFileSync } from 'node:fs'
import test, { type ExecutionContext } from 'ava'
import { schedule } from '../../provisioning/console/console.ts'
import { keepConsole } from '../../provisioning/console/keep.ts'
import { openSerialTwin } from '../../provisioning/console/serial-twin.ts'
import { createTtyOutput, openTerminal } from '../../provisioning/console/terminal.ts'
import { loadShown } from '../helpers/console-screens.ts'
import { yielding } from '../helpers/console-stage.ts'
import { openPane } from '../helpers/pane.ts'
import { until } from '../helpers/wait.ts'

const size = { columns: 80, rows: 25 }
/** Something holds the terminal, and neither reads nor writes. */
const openBareTerminal = (t: ExecutionContext) => openPane(t, ['sleep', 'infinity'], size)

test('keys are read and the screen is painted; a hang-up leaves the process alive', async t => {
  const pane = await openBareTerminal(t)
  const path = await pane.tty()
  const { shown, nowMs } = loadShown('ready')
  let opened = 0
  const open = () => {
    const terminal = openTerminal(path)
    if (terminal) opened += 1
    return terminal
  }
  let isShutDown = false
  const shutDown = async () => {
    isShutDown = true
  }
  // A retry after the hang-up finds no terminal any more.
  const kept = keepConsole({ open, actions: { ...yielding, shutDown }, now: () => nowMs, schedule })
  t.teardown(kept.close)
  kept.show(shown.status, { account: 'root' })
  await pane.see(/F10 Shut down/)
  await pane.press('F10')
  await pane.see(/Shut this appliance down\?/)
  await pane.press('Enter')
  await until('the shut-down', async () => isShutDown)
  // Ctrl-C is a key, and interrupts nothing.
  await pane.press('C-c')
  await pane.resize({ columns: 100, rows: 37 })
  await pane.see(/Shutting down\n(?:.*\n){34}/)
  t.false(await pane.hasEnded())
  await pane.close()
  kept.show({ ...shown.status, hostName: 'other.example.com' }, { account: 'root' })
  t.is(opened, 1)
  // Field 7 is the controlling terminal; the terminal has not become that.
  const [, , , , tty] = readFileSync('/proc/self/stat', 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  t.false(path.startsWith('/dev/pts/') && Number(tty) === (136 << 8) + Number(path.slice('/dev/pts/'.length)))
})

test('the twin prints lines to a terminal that it does not own', async t => {
  const pane = await openBareTerminal(t)
  const twin = openSerialTwin({ output: createTtyOutput(await pane.tty()), isBusy: async () => false, schedule })
  t.teardown(twin.close)
  const { shown } = loadShown('unclaimed')
  twin.show(shown.status, { code: 'K7MQ4-XTD9R' })
  const screen = await pane.see(/Setup code {4}K7MQ4-XTD9R\n/)
  t.regex(screen, /^---- Dispatch Solo 0\.1\.0 on solo\.example\.com: UNCLAIMED$/m)
})
