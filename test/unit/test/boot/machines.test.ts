import test from 'ava'
import { usualHardware } from '../../../../packer/hardware.ts'
import { findDifferences, machines, type Seen, type TestMachine } from '../../../boot/machines.ts'

const like = 'one of the table'
const pvscsi: TestMachine = {
  ...{ name: 'pvscsi', like, firmware: 'bios' },
  hardware: { ...usualHardware, chipset: 'pc', disk: 'pvscsi', cards: ['vmxnet3'] },
}
const twoCards: TestMachine = {
  ...{ name: 'two-cards', like, firmware: 'bios' },
  hardware: { ...usualHardware, cards: ['virtio-net-pci', 'e1000'] },
}
const enlarged: TestMachine = { name: 'enlarged', like, firmware: 'bios', hardware: usualHardware, gib: 20 }

const vmware: Seen = {
  firmware: 'bios',
  cpus: 2,
  memoryMiB: 1967,
  disk: 'vmw_pvscsi',
  cards: ['vmxnet3'],
  rootGib: 9.7,
}

test('every machine has a name of its own, fit for a file', t => {
  const names = machines.map(({ name }) => name)
  t.deepEqual(names, [...new Set(names)])
  for (const name of names) t.regex(name, /^[a-z0-9-]+$/)
})

test('BIOS and UEFI start from the disks of QEMU, VirtualBox and VMware', t => {
  const started = machines.map(({ hardware, firmware }) => `${hardware.disk} ${hardware.cards[0]} ${firmware}`)
  for (const hardware of ['virtio virtio-net-pci', 'ahci e1000', 'pvscsi vmxnet3']) {
    t.true(started.includes(`${hardware} bios`), hardware)
    t.true(started.includes(`${hardware} uefi`), hardware)
  }
})

test('a guest that sees its machine differs in nothing', t => {
  t.deepEqual(findDifferences(pvscsi, vmware), [])
})

test('what a guest sees otherwise is said: firmware, processors, memory, disk, cards', t => {
  const seen: Seen = { firmware: 'uefi', cpus: 1, memoryMiB: 980, disk: 'ahci', cards: [], rootGib: 9.7 }
  t.deepEqual(findDifferences(pvscsi, seen), [
    'the guest sees firmware uefi',
    'the guest sees 1 CPUs',
    'the guest sees 980 MiB of memory',
    'the guest sees a disk by ahci',
    'the guest sees network cards by nothing',
  ])
})

test('the order of cards is no difference', t => {
  const seen = { ...vmware, disk: 'virtio-pci', cards: ['virtio-pci', 'e1000'] }
  t.deepEqual(findDifferences(twoCards, seen), [])
})

test('a root file system that did not grow is said', t => {
  const seen = { ...vmware, disk: 'virtio-pci', cards: ['virtio-pci'] }
  t.deepEqual(findDifferences(enlarged, seen), ['the guest sees a root file system of 9.7 GiB on a disk of 20 GiB'])
  t.deepEqual(findDifferences(enlarged, { ...seen, rootGib: 19.5 }), [])
})
