/** `npm run test:boot`: boots the finished .ova and lets the guest give the verdict. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findKvmFault } from '../../packer/host.ts'
import { findNewestOva } from '../../packer/newest.ts'
import { chooseOption, parseScriptArguments, parseWholeNumber } from '../../packer/script.ts'
import { createShell } from '../../packer/shell.ts'
import { repository } from '../../packer/source.ts'
import { unpackDisk } from '../../packer/vm.ts'
import type { Bench } from './bench.ts'
import { removeAllButLogs } from './bench-folder.ts'
import { measureFloor, proveSmoke } from './cases.ts'
import { firstBoots, proveFirstBoots } from './first-boot/cases.ts'
import { proveImporters } from './importers.ts'
import { machines } from './machines.ts'
import { proveMatrix } from './matrix.ts'
import type { Pass } from './power.ts'
import { provePowerCuts } from './power-cuts.ts'
import { checkTools } from './virt-v2v.ts'

const byName = Object.fromEntries(machines.map(machine => [machine.name, machine]))

const help = `Usage: npm run test:boot -- [FILE.ova] [--times] [--matrix] [--machine NAME]... [--importers]
                              [--first-boot] [--case NAME]... [--power-cuts N [--seed N]]

Boots an .ova, the newest of build/ova where none is named, and lets the guest give the verdict: first boot, reboot, power cut.

  --times         also measure how long a boot takes, beside one without Docker and Dispatch
  --matrix        also a first boot in every machine of the list below, and --importers; half an hour without KVM
  --machine NAME  only a first boot in this machine; may be given several times
  --first-boot    only first boots: all cases of the list below, and their machines compared
  --case NAME     only this first boot; may be given several times
  --power-cuts N  only first boots whose power is cut at N random moments, and the boot after each
  --seed N        by which those moments are chosen; 1 where it is not given
  --importers     only let virt-v2v convert it, and readers by the rules of others read it (first: node setup.mjs matrix)

Machines:
${machines.map(({ name, like }) => `  ${name.padEnd(20)} ${like}`).join('\n')}

Cases:
${Object.entries(firstBoots)
  .map(([name, { what }]) => `  ${name.padEnd(20)} ${what}`)
  .join('\n')}`

const { values, positionals } = parseScriptArguments(process.argv.slice(2), {
  help,
  options: {
    times: { type: 'boolean', default: false },
    matrix: { type: 'boolean', default: false },
    machine: { type: 'string', multiple: true, default: [] },
    'first-boot': { type: 'boolean', default: false },
    case: { type: 'string', multiple: true, default: [] },
    'power-cuts': { type: 'string', default: '0' },
    seed: { type: 'string', default: '1' },
    importers: { type: 'boolean', default: false },
  },
  maxPositionals: 1,
})
const chosen = values.matrix ? machines : values.machine.map(name => chooseOption('machine', name, byName))
const withImporters = values.importers || values.matrix
const cases = values['first-boot'] ? Object.keys(firstBoots) : values.case
for (const name of cases) chooseOption('case', name, firstBoots)
const cuts = {
  count: parseWholeNumber('power-cuts', values['power-cuts']),
  seed: parseWholeNumber('seed', values.seed),
}
const isPart = chosen.length + cases.length + cuts.count > 0 || withImporters
const withSmoke = values.matrix || values.times || !isPart

const shots = join(repository, 'build/boot')

async function main(signal: AbortSignal): Promise<void> {
  const ova = positionals[0] ?? (await findNewestOva(repository))
  const dir = await mkdtemp(join(tmpdir(), 'dispatch-boot-'))
  try {
    await mkdir(shots, { recursive: true })
    await proveAll(ova, dir, signal)
    await rm(dir, { recursive: true, force: true })
  } catch (error) {
    await removeAllButLogs(dir)
    throw error
  }
}

async function proveAll(ova: string, dir: string, signal: AbortSignal): Promise<void> {
  const shell = createShell({ logFile: join(dir, 'commands.log'), signal })
  if (withImporters) await checkTools(shell)
  const withoutKvm = await findKvmFault(shell)
  const vmdk = await unpackDisk(shell, ova, join(dir, 'ova'))
  const print = (line: string) => console.log(line)
  const bench: Bench = { shell, ova, vmdk, dir, shots, accelerator: withoutKvm ? 'tcg' : 'kvm', signal, print }
  print(`Booting ${ova}${withoutKvm ? ` without KVM (${withoutKvm})` : ''}`)
  const first = withSmoke ? await proveSmoke(bench) : undefined
  if (cases.length > 0) await proveFirstBoots(bench, cases)
  if (cuts.count > 0) await provePowerCuts(bench, cuts)
  if (chosen.length > 0) await proveMatrix(bench, chosen)
  if (withImporters) await proveImporters(bench)
  if (first && values.times) print(renderTimes(first, await measureFloor(bench)))
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
