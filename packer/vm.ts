/** A virtual machine of a finished .ova: the VMDK as it is, a throw-away overlay for what the guest writes, QEMU's arguments. */
import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Credentials, renderSmbios } from './credentials.ts'
import { type Hardware, type Network, planDisk, planHardware, planNetworks } from './hardware.ts'
import type { Command, Shell } from './shell.ts'

export type Accelerator = 'kvm' | 'tcg'

/** OVMF's code, and a writable copy of its variables. */
export type Firmware = { readonly code: string; readonly variables: string }

/** What the firmware starts in place of the disk's boot loader. */
export type Kernel = { readonly kernel: string; readonly initrd: string; readonly options: string }

export type Machine = Network & {
  readonly accelerator: Accelerator
  readonly hardware: Hardware
  /** The overlay, qcow2. */
  readonly disk: string
  /** Where the serial console goes: the terminal, or a file. */
  readonly serial: 'terminal' | { readonly file: string }
  /** A file that gets what the guest writes to its second serial port. */
  readonly reports?: string
  readonly credentials: Credentials
  /** UEFI's; BIOS without it. */
  readonly firmware?: Firmware
  readonly kernel?: Kernel
  /** Images, each in a drive for discs of its own. */
  readonly discs?: readonly string[]
  /** A socket to be made, at which QEMU takes commands (QMP). */
  readonly monitor?: string
}

export function planQemu(machine: Machine): Command {
  const { hardware, accelerator, firmware, kernel } = machine
  const serial = machine.serial === 'terminal' ? 'mon:stdio' : `file:${machine.serial.file}`
  return [
    ...['qemu-system-x86_64', '-accel', accelerator === 'kvm' ? 'kvm' : 'tcg,thread=multi,tb-size=1024'],
    ...[...planHardware(hardware), '-display', 'none', '-vga', 'std'],
    ...(firmware ? planFirmware(firmware) : []),
    ...(kernel ? ['-kernel', kernel.kernel, '-initrd', kernel.initrd, '-append', kernel.options] : []),
    ...[...planDisk(hardware, machine.disk), ...planNetworks(hardware, machine), '-serial', serial],
    ...(machine.discs ?? []).flatMap(disc => ['-drive', `file=${disc},media=cdrom,format=raw,readonly=on`]),
    ...(machine.reports ? ['-serial', `file:${machine.reports}`] : []),
    ...(machine.serial === 'terminal' ? [] : ['-monitor', 'none']),
    ...(machine.monitor ? ['-qmp', `unix:${machine.monitor},server=on,wait=off`] : []),
    ...Object.entries(machine.credentials).flatMap(entry => ['-smbios', renderSmbios(entry)]),
  ]
}

function planFirmware({ code, variables }: Firmware): Command {
  return [
    ...['-drive', `if=pflash,format=raw,readonly=on,file=${code}`],
    ...['-drive', `if=pflash,format=raw,file=${variables}`],
  ]
}

/** Takes the .ova apart and answers with the path of its VMDK. */
export async function unpackDisk(shell: Shell, ova: string, dir: string): Promise<string> {
  await mkdir(dir, { recursive: true })
  await shell.run(['tar', '-C', dir, '-xf', ova])
  const vmdk = (await readdir(dir)).find(name => name.endsWith('.vmdk'))
  if (!vmdk) throw new Error(`${ova} holds no .vmdk; check it by \`npm run verify -- ${ova}\``)
  return join(dir, vmdk)
}

export type Overlay = {
  readonly vmdk: string
  /** Replaced where it is there. */
  readonly file: string
  /** As if the disk had been enlarged to it before the machine's first start. */
  readonly gib?: number
}

/** The disk of a machine that has never run. */
export async function createOverlay(shell: Shell, { vmdk, file, gib }: Overlay): Promise<void> {
  const size = gib === undefined ? [] : [`${gib}G`]
  await shell.run(['qemu-img', 'create', '-q', '-f', 'qcow2', '-F', 'vmdk', '-b', vmdk, file, ...size])
}
