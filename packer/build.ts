/** `npm run ova`: bakes the appliance and leaves the .ova, its checksum and its manifest in build/ova. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { debian } from './bases/debian.ts'
import { archiveStateFile, type DebianArchive, loadArchive } from './debian-archive.ts'
import { checkRoom, checkUser, HostUnfit, loadHost } from './host.ts'
import { publish, renderSummary } from './publish.ts'
import { buildRuntimes } from './runtimes.ts'
import { parseScriptArguments } from './script.ts'
import { createShell } from './shell.ts'
import { loadCommit, loadSource, repository } from './source.ts'
import { runSteps, type Step } from './step.ts'
import { createBakeStep } from './steps/bake.ts'
import { createBaseDiskStep } from './steps/base-disk.ts'
import { createBaseTreeStep } from './steps/base-tree.ts'
import { createBundlesStep } from './steps/bundles.ts'
import { createOvaStep } from './steps/ova.ts'
import { createPayloadStep, type PayloadFile } from './steps/payload.ts'
import { createSealStep } from './steps/seal.ts'
import { createVerifyStep } from './steps/verify.ts'

const help = `Usage: npm run ova

Bakes the appliance and verifies it; leaves the .ova, SHA256SUMS and manifest.json in build/ova. Takes no arguments.`

export type Plan = {
  readonly archive: DebianArchive
  readonly version: string
  readonly commit: string
  readonly tools: Readonly<Record<string, string>>
  readonly accelerator: 'kvm' | 'tcg'
  /** Node and the runtime images. */
  readonly files: readonly PayloadFile[]
}

/** The bake from nothing to a verified .ova. */
export function planBake({ archive, version, commit, tools, accelerator, files }: Plan): Step[] {
  const { epoch } = debian
  const fileName = `dispatch-solo-${version}-amd64.ova`
  const serialLog = join(repository, 'build/logs/bake-serial.log')
  return [
    createBaseTreeStep({ base: debian, archive, mmdebstrapVersion: tools.mmdebstrap ?? '' }),
    createBaseDiskStep({ repository, epoch, tools }),
    createBundlesStep({ repository, commit }),
    createPayloadStep({ repository, files, epoch }),
    createBakeStep({ repository, accelerator, tools, serialLog }),
    createSealStep({ repository, version, epoch }),
    createOvaStep({ repository, version, fileName, epoch, tools }),
    createVerifyStep({ repository, fileName, qemu: tools.qemu ?? '' }),
  ]
}

async function main(signal: AbortSignal): Promise<void> {
  checkUser(process.getuid?.())
  const now = () => performance.now()
  const print = (line: string) => console.log(line)
  const logDir = join(repository, 'build/logs')
  const cacheDir = join(repository, 'build/cache')
  await mkdir(cacheDir, { recursive: true })
  await checkRoom(cacheDir)
  const shell = createShell({ logFile: join(logDir, 'host.log'), signal })
  const host = await loadHost({ shell, repository })
  if (host.withoutKvm) print(`No KVM (${host.withoutKvm}): the guest is emulated, which takes a few minutes more.`)
  const begin = now()
  const archive = await loadArchive({ shell, env: process.env, stateFile: archiveStateFile(repository), print })
  const commit = await loadCommit(shell)
  const images = await buildRuntimes({ repository, signal, now, print, archive, commit })
  const source = await loadSource(commit, images)
  const steps = planBake({ archive, ...source, ...host })
  const done = await runSteps(steps, { cacheDir, logDir, signal, now, print })
  const product = await publish({ done, source, host, images, repository })
  print(renderSummary(product, now() - begin))
}

if (import.meta.main) {
  parseScriptArguments(process.argv.slice(2), { help, options: {}, maxPositionals: 0 })
  const stop = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(name, () => stop.abort(new Error(`The bake was stopped by ${name}; nothing of it is left running`)))
  }
  await main(stop.signal).catch(error => {
    console.error(`ova: ${error instanceof Error ? error.message : String(error)}`)
    process.exitCode = error instanceof HostUnfit ? 2 : 1
  })
}
