/** What is proved on the finished .ova as it is imported: works from power-on, survives a reboot and a power cut. */
import { withoutDocker } from '../../packer/credentials.ts'
import { type Bench, loadProgram, startAgain, startNew } from './bench.ts'
import type { Pass } from './power.ts'

/** One disk through three lives: first boot, reboot (which the guest asks for), boot after the plug was pulled. */
export async function proveSmoke(bench: Bench): Promise<Pass> {
  const credentials = await loadProgram('selftest.ts')
  const machine = await startNew(bench, { name: 'smoke', credentials })
  const first = await machine.nextPass()
  bench.print(`ok  first boot: no failed unit, functions in python3 and nodejs called offline ${render(first)}`)
  const second = await machine.nextPass()
  bench.print(`ok  reboot: everything found again ${render(second)}`)
  await machine.cutPower()
  const afterCut = await startAgain(bench, { name: 'after-power-cut', of: 'smoke', credentials })
  bench.print(`ok  power cut: everything found again ${render(await afterCut.nextPass())}`)
  await afterCut.cutPower()
  return first
}

/** The same disk to multi-user.target with Docker and Dispatch off: what no appliance with this kernel can be below. */
export async function measureFloor(bench: Bench): Promise<Pass> {
  const credentials = { ...withoutDocker, ...(await loadProgram('floor.ts')) }
  const machine = await startNew(bench, { name: 'floor', credentials })
  const pass = await machine.nextPass()
  await machine.cutPower()
  return pass
}

function render({ times, facts }: Pass): string {
  const { runs, readyMs, missingMs } = facts
  const images = readyMs === undefined ? '' : `, images READY ${readyMs} ms, absent ones in ERROR ${missingMs} ms`
  return `(kernel ${times.kernel.toFixed(1)} s, Docker ${times.docker?.toFixed(1)} s, API ${times.api?.toFixed(1)} s, ${runs} runs${images})`
}
