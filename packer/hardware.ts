/** The hardware of a virtual machine, of the kinds that hypervisors show, as QEMU's arguments. */
import type { Command } from './shell.ts'

export type DiskController = 'virtio' | 'ahci' | 'pvscsi' | 'lsi53c895a'
export type NetworkCard = 'virtio-net-pci' | 'e1000' | 'vmxnet3'

export type Hardware = {
  /** QEMU's machine: `pc` is the i440FX that VMware and VirtualBox show, `q35` has PCI Express. */
  readonly chipset: 'q35' | 'pc'
  readonly disk: DiskController
  readonly cards: readonly NetworkCard[]
  readonly cpus: number
  readonly memoryMiB: number
}

export const usualHardware: Hardware = {
  ...{ chipset: 'q35', disk: 'virtio', cards: ['virtio-net-pci'] },
  ...{ cpus: 2, memoryMiB: 2048 },
}

const controllers: Readonly<Record<DiskController, Command>> = {
  virtio: ['-device', 'virtio-blk-pci,drive=system'],
  ahci: ['-device', 'ahci,id=disks', '-device', 'ide-hd,bus=disks.0,drive=system'],
  pvscsi: ['-device', 'pvscsi,id=disks', '-device', 'scsi-hd,bus=disks.0,drive=system'],
  lsi53c895a: ['-device', 'lsi53c895a,id=disks', '-device', 'scsi-hd,bus=disks.0,drive=system'],
}

export function planHardware({ chipset, cpus, memoryMiB }: Hardware): Command {
  return ['-machine', chipset, '-cpu', 'max', '-smp', String(cpus), '-m', String(memoryMiB)]
}

export function planDisk({ disk }: Hardware, file: string): Command {
  return ['-drive', `file=${file},if=none,id=system,format=qcow2`, ...controllers[disk]]
}

export type Forward = { readonly hostPort: number; readonly guestPort: number }

export type Network = {
  readonly forwards: readonly Forward[]
  /** No way out of the guest: only the forwarded ports come in. */
  readonly isolated: boolean
}

/** Every card has a network of its own; the forwarded ports lead to the first. */
export function planNetworks({ cards }: Hardware, { forwards, isolated }: Network): Command {
  if (cards.length === 0) return ['-nic', 'none']
  const ports = forwards.map(({ hostPort, guestPort }) => `hostfwd=tcp:127.0.0.1:${hostPort}-:${guestPort}`)
  return cards.flatMap((model, index) => [
    '-nic',
    ['user', `model=${model}`, `restrict=${isolated ? 'on' : 'off'}`, ...(index === 0 ? ports : [])].join(','),
  ])
}
