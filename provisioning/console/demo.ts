/**
 * The console in this terminal, for people and tests, of an appliance that is played: `node provisioning/console/demo.ts
 * --status FILE.json`, with files as in `test/fixtures/console`. What the file says is shown, anew whenever it changes;
 * the password is `correct horse`. To leave it, shut it down.
 */
import { readFileSync, watchFile } from 'node:fs'
import { parseArgs } from 'node:util'
import type { Trial } from '../appliance/control.ts'
import { openConsole, schedule } from './console.ts'
import { parseShown } from './demo-file.ts'
import type { Actions } from './effects.ts'
import { sizeOf } from './terminal.ts'
import type { Shown } from './view.ts'

const { values } = parseArgs({ options: { status: { type: 'string' } } })
const path = values.status
if (path === undefined) {
  console.error('Say what to show: node provisioning/console/demo.ts --status FILE.json')
  process.exit(2)
}

const beganMs = Date.now()
const read = () => parseShown(readFileSync(path, 'utf8'))
const { nowMs: startMs } = read()
const now = () => startMs + Date.now() - beganMs
const trialMs = 90_000
const windowMs = 30 * 60_000

let told: Shown = read().shown
const show = (shown: Shown) => {
  told = shown
  const { status, ...more } = shown
  appliance.show(status, more)
}
const leave = (word: string) => {
  appliance.close()
  process.stdout.write(`\n The machine would ${word} now.\n`)
  process.exit(0)
}
const tried = (): Pick<Trial, 'untilMs' | 'addresses'> => ({ untilMs: now() + trialMs, addresses: ['192.0.2.77'] })

/** Addresses of 192.0.2.0/24 are taken. */
const actions: Actions = {
  verifyPassword: async text => text === 'correct horse',
  loadNetwork: async () => ({
    'network.ip0': '192.0.2.10/24',
    'network.gateway': '192.0.2.1',
    'network.DNS': '192.0.2.53',
  }),
  changeNetwork: async values => {
    const { 'network.ip0': address = '', 'network.gateway': gateway = '' } = values
    const problem = `does not lie in the network of ${address}`
    const faults = [{ key: 'network.gateway', problem, instead: 'nothing is changed' }]
    if (gateway !== '' && !gateway.startsWith('192.0.2.'))
      return { reason: 'faults', message: 'There are faults.', faults }
    const trial = tried()
    show({ ...told, status: { ...told.status, trial } })
    return { outcome: 'trial', changed: Object.keys(values), untilMs: trial.untilMs }
  },
  keepNetwork: async () => {
    const { trial: _, ...status } = told.status
    show({ ...told, status })
  },
  reopenSetup: async () => {
    const setup = { isOpen: true, openUntilMs: now() + windowMs }
    show({ ...told, code: 'W3NP7-9HZCB', status: { ...told.status, setup } })
  },
  reboot: async () => leave('reboot'),
  shutDown: async () => leave('shut down'),
  logIn: async () => {
    throw new Error('Here is no other terminal to log in on.')
  },
}

const output = {
  write: (text: string) => {
    process.stdout.write(text)
    return text.length
  },
  size: () => sizeOf(process.stdout),
}
const appliance = openConsole({ input: process.stdin, output, actions, now, schedule, onGone: () => process.exit(0) })
show(told)
watchFile(path, { interval: 200 }, () => show(read().shown))
