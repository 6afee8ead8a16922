/** Boots the finished .ova in every machine of the table, one after the other, and says of each what came of it. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Kernel } from '../../packer/vm.ts'
import { type Bench, loadProgram, startAgain, startNew } from './bench.ts'
import { hasDriver } from './firmware.ts'
import { takeKernel } from './kernel.ts'
import { findDifferences, firmwareDrivers, type TestMachine } from './machines.ts'
import type { Running } from './power.ts'
import { parseSeen } from './reports.ts'

export type Result = {
  readonly machine: TestMachine
  readonly seconds: number
  /** Why it failed. */
  readonly problem?: string
  /** What was done otherwise than in the hypervisor's machine, for want of something here. */
  readonly remark?: string
}

/** Prints the table; rejects where a machine failed, when all have had their turn. */
export async function proveMatrix(bench: Bench, machines: readonly TestMachine[]): Promise<void> {
  const results: Result[] = []
  for (const machine of machines) {
    bench.signal.throwIfAborted()
    const result = await proveMachine(bench, machine)
    bench.print(`${result.problem ? 'not ok' : 'ok'}  ${machine.name} (${result.seconds.toFixed(0)} s)`)
    results.push(result)
  }
  bench.print(renderTable(results))
  const failed = results.filter(({ problem }) => problem)
  if (failed.length === 0) return
  throw new Error(failed.map(({ machine, problem }) => `${machine.name}: ${problem}`).join('\n\n'))
}

async function proveMachine(bench: Bench, machine: TestMachine): Promise<Result> {
  const begin = performance.now()
  const outcome = await bootOnce(bench, machine).catch(error => ({ problem: String(error?.message ?? error) }))
  return { machine, seconds: (performance.now() - begin) / 1000, ...outcome }
}

/** One first boot, ended by the plug; and a second one where the disk is enlarged again. */
async function bootOnce(bench: Bench, machine: TestMachine): Promise<Pick<Result, 'problem' | 'remark'>> {
  const { kernel, ...remark } = await planStart(bench, machine)
  const { name, hardware, firmware, gib, laterGib, withFunctions } = machine
  const credentials = await loadProgram('selftest.ts', ...(withFunctions ? [] : ['--hardware']))
  const boot = { name, hardware, credentials }
  const differences = await findProblems(
    machine,
    await startNew(bench, {
      ...boot,
      ...{ ...(firmware === 'uefi' ? { firmware } : {}), ...(gib ? { gib } : {}), ...(kernel ? { kernel } : {}) },
    }),
  )
  if (laterGib) {
    const again = await startAgain(bench, { ...boot, name: `${name}-again`, of: name, gib: laterGib })
    differences.push(...(await findProblems({ ...machine, gib: laterGib }, again)))
  }
  return { ...remark, ...(differences.length > 0 ? { problem: differences.join('; ') } : {}) }
}

async function findProblems(machine: TestMachine, running: Running): Promise<string[]> {
  const { facts } = await running.nextPass().finally(running.cutPower)
  return findDifferences(machine, parseSeen(facts.machine))
}

/**
 * UEFI reads boot loader and kernel by drivers of its own. Where Debian's firmware lacks one that the hypervisor's has,
 * it is handed the appliance's kernel and ramdisk instead, which then have to find the disk all the same.
 */
async function planStart(
  { shell, vmdk, dir }: Bench,
  { firmware, hardware }: TestMachine,
): Promise<{ kernel?: Kernel; remark?: string }> {
  const driver = firmwareDrivers[hardware.disk]
  if (firmware === 'bios' || (await hasDriver({ shell, driver, dir }))) return {}
  const kernelDir = join(dir, 'kernel')
  await mkdir(kernelDir, { recursive: true })
  const kernel = await takeKernel({ shell, vmdk, dir: kernelDir })
  return { kernel, remark: `kernel and ramdisk handed over: not possible here otherwise, firmware without ${driver}` }
}

export function renderTable(results: readonly Result[]): string {
  const header = ['machine', 'disk, network cards', 'CPUs', 'MiB', 'firmware', 's', 'verdict']
  const rows = results.map(({ machine: { name, hardware, firmware }, seconds, problem, remark }) => [
    ...[name, [hardware.disk, ...hardware.cards].join(', '), String(hardware.cpus), String(hardware.memoryMiB)],
    ...[firmware.toUpperCase(), seconds.toFixed(0), problem ? 'FAILED' : ['ok', remark ?? []].flat().join('; ')],
  ])
  const widths = header.map((title, column) => Math.max(...[header, ...rows].map(row => (row[column] ?? title).length)))
  const render = (row: readonly string[]) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')
  return [header, ...rows].map(row => render(row).trimEnd()).join('\n')
}
