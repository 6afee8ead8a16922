/** The program of the built-in driver type `vcenter`: events of vSphere become events. */
import { setTimeout as pause } from 'node:timers/promises'
import { sendEvents } from '../send.ts'
import { SettingsFault } from '../settings.ts'
import { createPoller } from './poller.ts'
import { loadSettings, type VcenterSettings } from './settings.ts'
import { SoapFault } from './soap.ts'
import { post } from './transport.ts'

/** In a row; who gives up is started again, and what it printed is told. */
const maxFailures = 5

async function run(settings: VcenterSettings): Promise<void> {
  const print = (line: string): void => void process.stderr.write(`${line}\n`)
  const poller = createPoller({
    post: (body, headers) => post(settings, body, headers),
    user: { name: settings.user, password: settings.password },
    source: settings.source,
    send: json => sendEvents(settings.endpoint, json),
    print,
  })
  let hasWorked = false
  for (let failures = 0; ; ) {
    try {
      await poller.poll()
      hasWorked = true
      failures = 0
    } catch (thrown) {
      failures += 1
      const isRefused = thrown instanceof SoapFault && thrown.fault.startsWith('InvalidLogin')
      if (!hasWorked || isRefused || failures >= maxFailures) throw thrown
      print(`events could not be taken over: ${String(thrown)}; it is tried again`)
    }
    await pause(settings.pollMs)
  }
}

const fail = (thrown: unknown): void => {
  process.stderr.write(`${thrown instanceof Error ? thrown.message : String(thrown)}\n`)
  process.exitCode = thrown instanceof SettingsFault ? 2 : 1
}

try {
  run(loadSettings(process.argv.slice(2), process.env)).catch(fail)
} catch (thrown) {
  fail(thrown)
}
