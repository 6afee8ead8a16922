import test from 'ava'
import {
  createGuestFiles,
  createGuestProgram,
  renderSmbios,
  serialLogin,
  withoutDocker,
} from '../../../packer/credentials.ts'
import { type Hardware, usualHardware } from '../../../packer/hardware.ts'
import { type Machine, planQemu } from '../../../packer/vm.ts'

const machine: Machine = {
  ...{
    accelerator: 'tcg',
    disk: '/d.qcow2',
    hardware: usualHardware,
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

test('a machine has the disk, the cards, the processors and the memory that its hardware says', t => {
  const hardware: Hardware = { chipset: 'pc', disk: 'pvscsi', cards: ['vmxnet3', 'e1000'], cpus: 1, memoryMiB: 1024 }
  const arguments_ = line({ hardware, forwards: [{ hostPort: 18080, guestPort: 8080 }] })
  t.regex(arguments_, / -machine pc .* -smp 1 -m 1024 /)
  t.regex(
    arguments_,
    /if=none,id=system,format=qcow2 -device pvscsi,id=disks -device scsi-hd,bus=disks\.0,drive=system /,
  )
  t.regex(arguments_, /model=vmxnet3,restrict=on,hostfwd=\S+ -nic user,model=e1000,restrict=on /)
})

test('a machine without a card has none, not the one that QEMU gives it', t => {
  t.regex(line({ hardware: { ...usualHardware, cards: [] } }), / -nic none /)
})

test('BIOS starts from the disk; UEFI gets its code and variables, and a kernel where one is handed over', t => {
  t.notRegex(line({}), /pflash|-kernel/)
  const firmware = { code: '/code.fd', variables: '/variables.fd' }
  const kernel = { kernel: '/vmlinuz', initrd: '/initrd.img', options: 'root=UUID=1' }
  t.regex(line({ firmware, kernel }), /readonly=on,file=\/code\.fd .*format=raw,file=\/variables\.fd /)
  t.regex(line({ firmware, kernel }), / -kernel \/vmlinuz -initrd \/initrd\.img -append root=UUID=1 /)
})

test('every disc has a drive of its own, which cannot write; commands are taken where a socket is named', t => {
  t.regex(
    line({ discs: ['/a.iso', '/b.iso'] }),
    /file=\/a\.iso,media=cdrom,format=raw,readonly=on -drive file=\/b\.iso,media=cdrom,/,
  )
  t.regex(line({ monitor: '/m' }), / -qmp unix:\/m,server=on,wait=off/)
  t.notRegex(line({}), /cdrom|-qmp/)
})

test('a file for the guest is one line of systemd-tmpfiles, whatever is in it', t => {
  const text = 'a %h\\n\n"b" $c\n'
  const { 'tmpfiles.extra': lines = '' } = createGuestFiles([
    { path: '/usr/local/bin/x', text, mode: '0755' },
    { path: '/y', text: '', mode: '0644' },
  ])
  const encoded = /^f~ \/usr\/local\/bin\/x 0755 root root - ([\w+/=]+)\nf~ \/y 0644 root root - \n$/.exec(lines)?.[1]
  t.is(Buffer.from(encoded ?? '', 'base64').toString(), text)
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
  const names = Object.keys({ ...withoutDocker, ...createGuestProgram('x.ts', '') })
  t.deepEqual(
    names.filter(name => !/^systemd\.(unit-dropin|extra-unit)\.|^x\.ts$/.test(name)),
    [],
  )
})
