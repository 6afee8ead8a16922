/** A virtual machine of a finished .ova: the VMDK as it is, a throw-away overlay for what the guest writes, QEMU's arguments. */
import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Credentials, renderSmbios } from './credentials.ts'
import type { Command, Shell } from './shell.ts'

export type Accelerator = 'kvm' | 'tcg'

export type Forward = { readonly hostPort: number; readonly guestPort: number }

/** OVMF's code, and a writable copy of its variables. */
export type Firmware = { readonly code: string; readonly variables: string }

export type Machine = {
  readonly accelerator: Accelerator
  /** The overlay, qcow2. */
  readonly disk: string
  readonly memoryMiB: number
  /** Where the serial console goes: the terminal, or a file. */
  readonly serial: 'terminal' | { readonly file: string }
  /** A file that gets what the guest writes to its second serial port. */
  readonly reports?: string
  readonly credentials: Credentials
  readonly forwards: readonly Forward[]
  /** No way out of the guest: only the forwarded ports come in. */
  readonly isolated: boolean
  readonly firmware?: Firmware
}

export function planQemu(machine: Machine): Command {
  const serial = machine.serial === 'terminal' ? 'mon:stdio' : `file:${machine.serial.file}`
  const tcg = ['-accel', 'tcg,thread=multi,tb-size=1024']
  return [
    ...['qemu-system-x86_64', '-machine', 'q35', ...(machine.accelerator === 'kvm' ? ['-accel', 'kvm'] : tcg)],
    ...['-cpu', 'max', '-smp', '2', '-m', String(machine.memoryMiB), '-display', 'none', '-vga', 'std'],
    ...(machine.firmware ? planFirmware(machine.firmware) : []),
    ...['-drive', `file=${machine.disk},if=virtio,format=qcow2`],
    ...['-nic', planNetwork(machine), '-serial', serial],
    ...(machine.reports ? ['-serial', `file:${machine.reports}`] : []),
    ...(machine.serial === 'terminal' ? [] : ['-monitor', 'none']),
    ...Object.entries(machine.credentials).flatMap(entry => ['-smbios', renderSmbios(entry)]),
  ]
}

function planNetwork({ forwards, isolated }: Machine): string {
  const ports = forwards.map(({ hostPort, guestPort }) => `hostfwd=tcp:127.0.0.1:${hostPort}-:${guestPort}`)
  return ['user', 'model=virtio-net-pci', `restrict=${isolated ? 'on' : 'off'}`, ...ports].join(',')
}

function planFirmware({ code, variables }: Firmware): Command {
  return [
    ...['-drive', `if=pflash,format=raw,readonly=on,file=${code}`],
    ...['-drive', `if=pflash,format=raw,file=${variables}`],
  ]
}

/** Takes the .ova apart and answers with the path of a qcow2 overlay on its VMDK. */
export async function createOverlay(shell: Shell, ova: string, dir: string): Promise<string> {
  await mkdir(dir, { recursive: true })
  await shell.run(['tar', '-C', dir, '-xf', ova])
  const vmdk = (await readdir(dir)).find(name => name.endsWith('.vmdk'))
  if (!vmdk) throw new Error(`${ova} holds no .vmdk; check it by \`npm run verify -- ${ova}\``)
  const overlay = join(dir, 'overlay.qcow2')
  await shell.run(['qemu-img', 'create', '-q', '-f', 'qcow2', '-F', 'vmdk', '-b', join(dir, vmdk), overlay])
  return overlay
}
