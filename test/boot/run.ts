/** `npm run test:boot [-- FILE.ova] [--times] [--uefi]`: boots the finished .ova and lets the guest give the verdict. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findKvmFault } from '../../packer/host.ts'
import { findNewestOva } from '../../packer/newest.ts'
import { parseScriptArguments } from '../../packer/script.ts'
import { createShell } from '../../packer/shell.ts'
import { repository } from '../../packer/source.ts'
import { removeAllButLogs } from './bench-folder.ts'
import { type Bench, measureFloor, proveSmoke, proveUefi } from './cases.ts'
import { proveImporters } from './importers.ts'
import type { Pass } from './power.ts'

const help = `Usage: npm run test:boot -- [FILE.ova] [--times] [--uefi] [--importers]

Boots an .ova, the newest of build/ova where none is named, and lets the guest give the verdict.

  --times      also measure how long a boot takes, beside one without Docker and Dispatch
  --uefi       also boot under UEFI
  --importers  also let virt-v2v convert it, and readers by the rules of others read it (first: node setup.mjs matrix)`

const { values, positionals } = parseScriptArguments(process.argv.slice(2), {
  help,
  options: {
    times: { type: 'boolean', default: false },
    uefi: { type: 'boolean', default: false },
    importers: { type: 'boolean', default: false },
  },
  maxPositionals: 1,
})

async function main(signal: AbortSignal): Promise<void> {
  const ova = positionals[0] ?? (await findNewestOva(repository))
  const dir = await mkdtemp(join(tmpdir(), 'dispatch-boot-'))
  try {
    await proveAll(ova, dir, signal)
    await rm(dir, { recursive: true, force: true })
  } catch (error) {
    await removeAllButLogs(dir)
    throw error
  }
}

async function proveAll(ova: string, dir: string, signal: AbortSignal): Promise<void> {
  const shell = createShell({ logFile: join(dir, 'commands.log'), signal })
  const withoutKvm = await findKvmFault(shell)
  const bench: Bench = { shell, ova, dir, accelerator: withoutKvm ? 'tcg' : 'kvm', print: line => console.log(line) }
  console.log(`Booting ${ova}${withoutKvm ? ` without KVM (${withoutKvm})` : ''}`)
  const first = await proveSmoke(bench)
  if (values.uefi) await proveUefi(bench)
  if (values.importers) await proveImporters(bench)
  if (values.times) console.log(renderTimes(first, await measureFloor(bench)))
}

/** Both are first boots of a fresh disk; firmware and boot loader count too. */
function renderTimes(pass: Pass, floor: Pass): string {
  const fromPowerOn = (seconds = Number.NaN) => pass.beforeKernelSeconds + seconds
  const floorSeconds = floor.beforeKernelSeconds + floor.times.multiUser
  const rows = [
    ['firmware and boot loader', pass.beforeKernelSeconds],
    ['kernel', fromPowerOn(pass.times.kernel)],
    ['Docker up', fromPowerOn(pass.times.docker)],
    ['API ready', fromPowerOn(pass.times.api)],
    ['floor: multi-user.target without Docker and Dispatch', floorSeconds],
  ] as const
  const lines = rows.map(([what, seconds]) => `  ${what.padEnd(54)} ${seconds.toFixed(1).padStart(6)} s`)
  const ratio = (fromPowerOn(pass.times.api) / floorSeconds).toFixed(2)
  return ['Seconds from power-on:', ...lines, `  ${'API ready / floor'.padEnd(54)} ${ratio.padStart(6)}`].join('\n')
}

const stop = new AbortController()
const onAbort = (name: string) => stop.abort(new Error(`stopped by ${name}; every virtual machine is ended`))
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => onAbort(name))
await main(stop.signal).catch(error => {
  console.error(`test:boot: ${error instanceof Error ? error.message : String(error)}`)
  // Ends the machine of a case that failed.
  onAbort('a failure')
  process.exitCode = 1
})
