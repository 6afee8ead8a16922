import test from 'ava'
import { createGuestProgram, exposed, renderSmbios, serialLogin, withoutDocker } from '../../../packer/credentials.ts'
import { type Machine, planQemu } from '../../../packer/vm.ts'

const machine: Machine = {
  ...{
    accelerator: 'tcg',
    disk: '/d.qcow2',
    memoryMiB: 2048,
    serial: { file: '/s.log' },
    credentials: {},
    forwards: [],
  },
  isolated: true,
}
const line = (changes: Partial<Machine>) => planQemu({ ...machine, ...changes }).join(' ')

test('a machine without credentials asks nothing of the guest', t => {
  t.notRegex(line({}), /smbios/)
})

test('an isolated machine has no way out, and forwarded ports are on loopback only', t => {
  const forwards = [{ hostPort: 18080, guestPort: 8080 }]
  t.regex(line({ forwards }), /restrict=on,hostfwd=tcp:127\.0\.0\.1:18080-:8080/)
})

test('credentials survive with commas, quotes and newlines', t => {
  const value = 'a,b="c"\nd'
  const encoded = /^type=11,value=io\.systemd\.credential\.binary:x=(.*)$/.exec(renderSmbios(['x', value]))?.[1]
  t.notRegex(encoded ?? ',', /,/)
  t.is(Buffer.from(encoded ?? '', 'base64').toString(), value)
})

test('root is let in on the serial console only', t => {
  t.true(Object.keys(serialLogin).every(name => name.startsWith('tty.serial.ttyS0.')))
})

test('what a boot asks for are credentials of systemd itself: the image needs no unit for them', t => {
  const names = Object.keys({ ...exposed, ...withoutDocker, ...createGuestProgram('x.ts', '') })
  t.deepEqual(
    names.filter(name => !/^systemd\.(unit-dropin|extra-unit)\.|^x\.ts$/.test(name)),
    [],
  )
})
