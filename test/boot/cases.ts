/** What is proved on the finished .ova: works from power-on, survives a reboot and a power cut, under BIOS and UEFI. */
import { copyFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Credentials, createGuestProgram, withoutDocker } from '../../packer/credentials.ts'
import type { Shell } from '../../packer/shell.ts'
import { type Accelerator, createOverlay, type Firmware } from '../../packer/vm.ts'
import { type Pass, powerOn, type Running } from './power.ts'

export type Bench = {
  readonly shell: Shell
  readonly ova: string
  /** Scratch space; the cases leave their logs here. */
  readonly dir: string
  readonly accelerator: Accelerator
  readonly print: (line: string) => void
}

const ovmf = '/usr/share/OVMF'

type Boot = { name: string; disk: string; credentials: Credentials; firmware?: Firmware }

async function start(bench: Bench, { name, ...machine }: Boot): Promise<Running> {
  const { shell, accelerator, dir } = bench
  const options = { accelerator, memoryMiB: 2048, forwards: [], isolated: true, ...machine }
  return powerOn({ shell, dir, name, machine: options })
}

async function loadProgram(file: string): Promise<Credentials> {
  const program = await readFile(new URL(`guest/${file}`, import.meta.url), 'utf8')
  return createGuestProgram(file, program)
}

/** One disk through three lives: first boot, reboot (which the guest asks for), boot after the plug was pulled. */
export async function proveSmoke(bench: Bench): Promise<Pass> {
  const disk = await createOverlay(bench.shell, bench.ova, join(bench.dir, 'smoke'))
  const credentials = await loadProgram('selftest.ts')
  const machine = await start(bench, { name: 'smoke', disk, credentials })
  const first = await machine.nextPass()
  bench.print(`ok  first boot: no failed unit, functions in python3 and nodejs called offline ${render(first)}`)
  const second = await machine.nextPass()
  bench.print(`ok  reboot: everything found again ${render(second)}`)
  await machine.cutPower()
  const afterCut = await start(bench, { name: 'after-power-cut', disk, credentials })
  bench.print(`ok  power cut: everything found again ${render(await afterCut.nextPass())}`)
  await afterCut.cutPower()
  return first
}

export async function proveUefi(bench: Bench): Promise<Pass> {
  const disk = await createOverlay(bench.shell, bench.ova, join(bench.dir, 'uefi'))
  const variables = join(bench.dir, 'OVMF_VARS.fd')
  await copyFile(join(ovmf, 'OVMF_VARS_4M.fd'), variables)
  const firmware = { code: join(ovmf, 'OVMF_CODE_4M.fd'), variables }
  const machine = await start(bench, { name: 'uefi', disk, credentials: await loadProgram('selftest.ts'), firmware })
  const pass = await machine.nextPass()
  await machine.cutPower()
  bench.print(`ok  UEFI: first boot ${render(pass)}`)
  return pass
}

/** The same disk to multi-user.target with Docker and Dispatch off: what no appliance with this kernel can be below. */
export async function measureFloor(bench: Bench): Promise<Pass> {
  const disk = await createOverlay(bench.shell, bench.ova, join(bench.dir, 'floor'))
  const credentials = { ...withoutDocker, ...(await loadProgram('floor.ts')) }
  const machine = await start(bench, { name: 'floor', disk, credentials })
  const pass = await machine.nextPass()
  await machine.cutPower()
  return pass
}

function render({ times, facts }: Pass): string {
  const { runs, readyMs, missingMs } = facts
  const images = readyMs === undefined ? '' : `, images READY ${readyMs} ms, absent ones in ERROR ${missingMs} ms`
  return `(kernel ${times.kernel.toFixed(1)} s, Docker ${times.docker?.toFixed(1)} s, API ${times.api?.toFixed(1)} s, ${runs} runs${images})`
}
