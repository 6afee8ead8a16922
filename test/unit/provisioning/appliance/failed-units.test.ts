import test from 'ava'
import { createFailedUnits, failedUnitsMs } from '../../../../provisioning/appliance/failed-units.ts'
import { troublesOf } from '../../../../provisioning/appliance/health.ts'

function createStage() {
  const machine = { ms: 5000, failed: '', looks: 0 }
  const read = createFailedUnits({
    monotonicMs: () => machine.ms,
    run: async () => {
      machine.looks += 1
      return { exitCode: 0, stdout: machine.failed, stderr: '' }
    },
  })
  return { machine, look: async () => troublesOf(await read()) }
}

const row = (unit: string) => `${unit} loaded failed failed Some description\n`

test('a unit that has failed is told, those that the server tells of are not once more', async t => {
  const { machine, look } = createStage()
  machine.ms += failedUnitsMs
  machine.failed = row('docker.service') + row('ssh.service') + row('systemd-timesyncd.service')
  t.deepEqual(await look(), [
    'units: ssh.service, systemd-timesyncd.service have failed: see `systemctl status ssh.service`; what does no harm is forgotten by `systemctl reset-failed`',
  ])
  machine.failed =
    row('docker.service') + row('dispatch-server.service') + row('user@1000.service') + row('run-r1.service')
  t.deepEqual(await look(), [])
})

test('it is looked at once a minute, and each time while something has failed', async t => {
  const { machine, look } = createStage()
  await look()
  t.is(machine.looks, 0, 'not while the machine starts')
  machine.ms += failedUnitsMs
  for (const _ of [1, 2, 3]) await look()
  t.is(machine.looks, 1)
  machine.failed = row('ssh.service')
  machine.ms += failedUnitsMs
  t.is((await look()).length, 1)
  machine.failed = ''
  t.deepEqual(await look(), [])
  await look()
  t.is(machine.looks, 3)
})
