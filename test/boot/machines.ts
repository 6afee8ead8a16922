/** The machines of `npm run test:boot -- --matrix`: what hypervisors show, as data, and what a guest in them must see. */
import type { DiskController, Hardware, NetworkCard } from '../../packer/hardware.ts'
import { diskBytes } from '../../packer/layout.ts'

export type TestMachine = {
  readonly name: string
  /** Whose machine it is like, or what is special about it. */
  readonly like: string
  readonly hardware: Hardware
  readonly firmware: 'bios' | 'uefi'
  /** Functions are called too: where what is special may be in their way. Elsewhere the system, Docker and the server are. */
  readonly withFunctions?: true
  /** The size to which the disk was enlarged before the first start, and then before a second one. */
  readonly gib?: number
  readonly laterGib?: number
}

const size = { cpus: 2, memoryMiB: 2048 }
const virtio: Hardware = { chipset: 'q35', disk: 'virtio', cards: ['virtio-net-pci'], ...size }
const ahci: Hardware = { chipset: 'pc', disk: 'ahci', cards: ['e1000'], ...size }
const pvscsi: Hardware = { chipset: 'pc', disk: 'pvscsi', cards: ['vmxnet3'], ...size }
const lsi: Hardware = { chipset: 'pc', disk: 'lsi53c895a', cards: ['e1000'], ...size }

export const machines: readonly TestMachine[] = [
  { name: 'virtio-bios', like: 'QEMU, libvirt, Proxmox VE', hardware: virtio, firmware: 'bios' },
  { name: 'virtio-uefi', like: 'QEMU, libvirt, Proxmox VE', hardware: virtio, firmware: 'uefi' },
  { name: 'ahci-e1000-bios', like: 'VirtualBox', hardware: ahci, firmware: 'bios' },
  { name: 'ahci-e1000-uefi', like: 'VirtualBox', hardware: { ...ahci, chipset: 'q35' }, firmware: 'uefi' },
  { name: 'pvscsi-vmxnet3-bios', like: 'VMware', hardware: pvscsi, firmware: 'bios' },
  { name: 'pvscsi-vmxnet3-uefi', like: 'VMware', hardware: { ...pvscsi, chipset: 'q35' }, firmware: 'uefi' },
  { name: 'lsi-e1000-bios', like: 'the LSI controllers of older machines', hardware: lsi, firmware: 'bios' },
  {
    ...{ name: 'small', like: 'little of everything', firmware: 'bios', withFunctions: true },
    hardware: { ...virtio, cpus: 1, memoryMiB: 1024 },
  },
  {
    ...{ name: 'proposed', like: 'the size that the OVA asks for', firmware: 'bios', withFunctions: true },
    hardware: { ...virtio, memoryMiB: 4096 },
  },
  {
    ...{ name: 'two-cards', like: 'a machine in two networks', firmware: 'bios' },
    hardware: { ...virtio, cards: ['virtio-net-pci', 'e1000'] },
  },
  {
    ...{ name: 'no-card', like: 'a machine in no network', firmware: 'bios', withFunctions: true },
    hardware: { ...virtio, cards: [] },
  },
  {
    ...{ name: 'enlarged-disk', like: 'a disk enlarged before the first start and again before the next' },
    ...{ hardware: virtio, firmware: 'bios', gib: 20, laterGib: 30 },
  },
]

/** OVMF's drivers for the controllers, by the names that its build gives them. */
export const firmwareDrivers: Readonly<Record<DiskController, string>> = {
  virtio: 'VirtioBlkDxe',
  ahci: 'AtaAtapiPassThruDxe',
  pvscsi: 'PvScsiDxe',
  lsi53c895a: 'LsiScsiDxe',
}

/** Linux' drivers, of the PCI devices. */
const linuxDrivers: Readonly<Record<DiskController | NetworkCard, string>> = {
  ...{ virtio: 'virtio-pci', ahci: 'ahci', pvscsi: 'vmw_pvscsi', lsi53c895a: 'sym53c8xx' },
  ...{ 'virtio-net-pci': 'virtio-pci', e1000: 'e1000', vmxnet3: 'vmxnet3' },
}

/** What a guest says of the machine it is in (test/boot/guest/selftest.ts). Each card it names has an address. */
export type Seen = {
  readonly firmware: string
  readonly cpus: number
  readonly memoryMiB: number
  readonly disk: string
  readonly cards: readonly string[]
  readonly rootGib: number
}

const usualGib = diskBytes / 2 ** 30
/** Of the machine's memory the kernel keeps a part, of the disk the file system and the other partitions do. */
const share = 0.85

/** What is not as the machine is, in words; nothing where all is. */
export function findDifferences({ hardware, firmware, gib = usualGib }: TestMachine, seen: Seen): string[] {
  const cards = hardware.cards.map(card => linuxDrivers[card])
  const isWithin = (part: number, whole: number) => part > whole * share && part <= whole
  const checks: readonly [boolean, string][] = [
    [seen.firmware === firmware, `firmware ${seen.firmware}`],
    [seen.cpus === hardware.cpus, `${seen.cpus} CPUs`],
    [isWithin(seen.memoryMiB, hardware.memoryMiB), `${seen.memoryMiB} MiB of memory`],
    [seen.disk === linuxDrivers[hardware.disk], `a disk by ${seen.disk}`],
    [seen.cards.toSorted().join() === cards.sort().join(), `network cards by ${seen.cards.join(', ') || 'nothing'}`],
    [isWithin(seen.rootGib, gib), `a root file system of ${seen.rootGib.toFixed(1)} GiB on a disk of ${gib} GiB`],
  ]
  return checks.flatMap(([holds, found]) => (holds ? [] : [`the guest sees ${found}`]))
}
