/** Where boots are proved: the unpacked disk of the .ova, and machines with a fresh overlay on it. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Credentials, createGuestProgram } from '../../packer/credentials.ts'
import { type Forward, type Hardware, usualHardware } from '../../packer/hardware.ts'
import type { Shell } from '../../packer/shell.ts'
import { type Accelerator, createOverlay, type Kernel } from '../../packer/vm.ts'
import { copyFirmware } from './firmware.ts'
import { powerOn, type Running } from './power.ts'

export type Bench = {
  readonly shell: Shell
  readonly ova: string
  /** The disk, taken out of the .ova. */
  readonly vmdk: string
  /** Scratch space; the cases leave their logs here. */
  readonly dir: string
  /** Pictures go here, and stay. */
  readonly shots: string
  readonly accelerator: Accelerator
  readonly signal: AbortSignal
  readonly print: (line: string) => void
}

export type Workshop = Pick<Bench, 'shell' | 'dir'>

export type Boot = {
  readonly name: string
  readonly credentials: Credentials
  readonly hardware?: Hardware
  /** BIOS without it. */
  readonly firmware?: 'uefi'
  readonly kernel?: Kernel
  /** The size of the disk, where it was enlarged. */
  readonly gib?: number
  /** None without them. */
  readonly forwards?: readonly Forward[]
  /** Images, each in a drive for discs of its own. */
  readonly discs?: readonly string[]
}

const findDisk = ({ dir }: Bench, name: string): string => join(dir, `${name}.qcow2`)

/** Switches on a machine that has never run. */
export async function startNew(bench: Bench, { name, firmware, gib, ...machine }: Boot): Promise<Running> {
  const { shell, accelerator, dir, vmdk } = bench
  const [disk, variables] = [findDisk(bench, name), join(dir, `${name}-variables.fd`)]
  const renew = async () => {
    await createOverlay(shell, { vmdk, file: disk, ...(gib === undefined ? {} : { gib }) })
    return firmware === 'uefi' ? { firmware: await copyFirmware(variables) } : {}
  }
  const options = { accelerator, hardware: usualHardware, disk, forwards: [], ...machine, isolated: true }
  return powerOn({ shell, dir, name, machine: { ...options, ...(await renew()) }, renew })
}

type Again = Omit<Boot, 'firmware' | 'kernel'> & { readonly of: string }

/** Switches a machine on again, under BIOS, with the disk that `startNew` made for the machine `of`. */
export async function startAgain(bench: Bench, { of, name, gib, ...machine }: Again): Promise<Running> {
  const { shell, accelerator, dir } = bench
  const disk = findDisk(bench, of)
  if (gib !== undefined) await shell.run(['qemu-img', 'resize', '-q', disk, `${gib}G`])
  const options = { accelerator, hardware: usualHardware, disk, forwards: [], ...machine, isolated: true }
  return powerOn({ shell, dir, name, machine: options })
}

/** A program of `test/boot/guest`, which the guest runs at each boot, with these arguments. */
export async function loadProgram(file: string, ...words: readonly string[]): Promise<Credentials> {
  const program = await readFile(new URL(`guest/${file}`, import.meta.url), 'utf8')
  return createGuestProgram(file, program, words)
}
