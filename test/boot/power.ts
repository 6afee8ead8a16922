/** Switches a virtual machine on, listens to its reports, and takes its power away. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Shell } from '../../packer/shell.ts'
import { type Machine, planQemu } from '../../packer/vm.ts'
import { type Monitor, openMonitor } from './monitor.ts'
import { parseReports, type Report } from './reports.ts'

/** Emulated, on a machine that others keep busy; alone, a boot takes one or two minutes. */
const deadlineMs = 40 * 60_000
const logTailBytes = 3000
/**
 * Emulating several processors, QEMU now and then executes code of the kernel in the moment in which the kernel patches it.
 * No fault of the guest: it is switched on again, as a person would.
 */
const emulatorFault = /Oops: int3[\s\S]*Kernel panic - not syncing/
const maxEmulatorFaults = 2

export type Pass = Extract<Report, { word: 'pass' }> & {
  /** From power-on to the kernel's first moment: firmware and boot loader. */
  readonly beforeKernelSeconds: number
}

export type Running = {
  /** When it was switched on, the last time. */
  powerOnMs(): number
  /** The next boot's verdict. Rejects when the guest says fail, says nothing in time, or QEMU ends. */
  nextPass(): Promise<Pass>
  /** As if the plug were pulled: the guest gets no chance to write anything. */
  cutPower(): Promise<void>
  /** What the serial port has shown so far. */
  serial(): Promise<string>
  /** What stands on the screen, by the last word of a guest that tells it; no lines before it has told any. */
  screen(): Promise<readonly string[]>
  /** Its keyboard and its picture; closed by whoever asks for it. */
  monitor(): Promise<Monitor>
}

export type PowerOptions = {
  readonly shell: Shell
  readonly machine: Omit<Machine, 'serial' | 'reports' | 'monitor'>
  readonly dir: string
  readonly name: string
  /** Makes the disk as new, for a machine that has no boot behind it yet: what a broken first boot left is no first boot's. */
  readonly renew?: () => Promise<unknown>
}

export async function powerOn({ shell, machine, dir, name, renew }: PowerOptions): Promise<Running> {
  const [serial, reports] = [join(dir, `${name}-serial.log`), join(dir, `${name}-reports.log`)]
  const monitor = join(dir, `${name}.monitor`)
  const launch = async () => {
    await writeFile(reports, '')
    await writeFile(serial, '')
    const qemu = shell.start(planQemu({ ...machine, serial: { file: serial }, reports, monitor }))
    const launched = { qemu, powerOnMs: Date.now(), hasEnded: false, taken: 0, beforeKernelSeconds: Number.NaN }
    void qemu.ended.then(() => {
      launched.hasEnded = true
    })
    return launched
  }
  const cutPower = async (): Promise<void> => {
    if (!state.hasEnded) process.kill(state.qemu.pid, 'SIGKILL')
    await state.qemu.ended
  }
  let state = await launch()
  let [faults, passes] = [0, 0]

  const recover = async (): Promise<void> => {
    if (faults === maxEmulatorFaults || !emulatorFault.test(await readFile(serial, 'utf8'))) return
    faults += 1
    console.log(`${name}: the emulated processor ran code that was being patched; switched on again`)
    await cutPower()
    if (passes === 0) await renew?.()
    state = await launch()
  }

  const take = async (): Promise<Report | undefined> => {
    const report = parseReports(await readFile(reports, 'utf8'))[state.taken]
    if (report) state.taken += 1
    return report
  }
  const giveUp = async (problem: string): Promise<never> => {
    const tail = (await readFile(serial, 'utf8')).slice(-logTailBytes)
    throw new Error(`${name}: ${problem}\nThe end of the serial console (all of it: ${serial}):\n${tail}`)
  }

  return {
    powerOnMs: () => state.powerOnMs,
    async nextPass() {
      for (const giveUpMs = Date.now() + deadlineMs; Date.now() < giveUpMs; await pause(100)) {
        const report = await take()
        if (report?.word === 'up')
          state.beforeKernelSeconds = (Date.now() - state.powerOnMs) / 1000 - report.uptimeSeconds
        if (report?.word === 'pass') {
          passes += 1
          return { ...report, beforeKernelSeconds: state.beforeKernelSeconds }
        }
        if (report?.word === 'fail') return giveUp(`the guest says: ${report.problem}`)
        if (!report) await recover()
        if (!report && state.hasEnded) return giveUp('QEMU ended before the guest gave its verdict')
      }
      return giveUp(`no verdict from the guest within ${deadlineMs / 60_000} minutes`)
    },
    cutPower,
    serial: () => readFile(serial, 'utf8'),
    screen: async () => {
      const told = parseReports(await readFile(reports, 'utf8')).findLast(({ word }) => word === 'screen')
      return told?.word === 'screen' ? told.lines : []
    },
    monitor: () => openMonitor(monitor),
  }
}
