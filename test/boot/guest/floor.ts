/** Runs inside the appliance booted without Docker and Dispatch: when the rest of the machine was up. */
import { execFileSync } from 'node:child_process'
import { appendFileSync, readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'

const reportPort = '/dev/ttyS1'

function report(word: string, facts: unknown): void {
  appendFileSync(reportPort, `SELFTEST ${word} ${JSON.stringify(facts)}\n`)
}

function show(property: string, ...unit: string[]): number {
  return Number(execFileSync('systemctl', ['show', '--value', `--property=${property}`, ...unit], { encoding: 'utf8' }))
}

report('up', { uptimeSeconds: Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]) })
const multiUser = () => show('ActiveEnterTimestampMonotonic', 'multi-user.target') / 1e6
while (multiUser() === 0) await pause(200)
const isDockerDown = show('MainPID', 'docker.service') === 0 && show('MainPID', 'dispatch-server.service') === 0
const times = { kernel: show('UserspaceTimestampMonotonic') / 1e6, multiUser: multiUser() }
report(isDockerDown ? 'pass' : 'fail', isDockerDown ? { times } : { problem: 'Docker or Dispatch was started' })
