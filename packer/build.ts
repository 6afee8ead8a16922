/** `npm run ova`: bakes the appliance and leaves the .ova, its checksum and its manifest in build/ova. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Base } from './bases/base.ts'
import { bases } from './bases/table.ts'
import { type Builder, builders, type Guest, planGuest } from './builders.ts'
import { archiveStateFile, type DebianArchive, loadArchive } from './debian-archive.ts'
import { checkRoom, checkUser, HostUnfit, loadHost } from './host.ts'
import { nameOva, publish, renderSummary } from './publish.ts'
import { buildRuntimes } from './runtimes.ts'
import { chooseOption, parseScriptArguments } from './script.ts'
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

const help = `Usage: npm run ova -- [--base NAME] [--builder NAME]

Bakes the appliance and verifies it; leaves the .ova, SHA256SUMS and manifest.json in build/ova.

  --base NAME     what it is made of: ${Object.keys(bases).join(', ')} (debian where none is named)
  --builder NAME  where the bake's guest runs: ${Object.keys(builders).join(', ')} (qemu where none is named)

docs/guides/bases.md says what each of them needs, and which have been run.`

const options = { base: { type: 'string', default: 'debian' }, builder: { type: 'string', default: 'qemu' } } as const

export type Plan = {
  readonly base: Base
  readonly guest: Guest
  readonly archive: DebianArchive
  readonly version: string
  readonly commit: string
  readonly tools: Readonly<Record<string, string>>
  readonly accelerator: 'kvm' | 'tcg'
  /** Node and the runtime images. */
  readonly files: readonly PayloadFile[]
}

/** The bake from nothing to a verified .ova. */
export function planBake({ base, guest, archive, version, commit, tools, accelerator, files }: Plan): Step[] {
  const { epoch, overlay, packageTool } = base
  const fileName = nameOva(version, base)
  const serialLog = join(repository, 'build/logs/bake-serial.log')
  const ownDisk = [
    createBaseTreeStep({ base, archive, mmdebstrapVersion: tools.mmdebstrap ?? '' }),
    createBaseDiskStep({ repository, epoch, tools }),
  ]
  return [
    ...(guest.origin === 'tree' ? ownDisk : []),
    createBundlesStep({ repository, commit }),
    createPayloadStep({ repository, files, epoch, overlay }),
    createBakeStep({ repository, base, guest, accelerator, tools, serialLog }),
    createSealStep({ repository, version, epoch, packageTool }),
    createOvaStep({ repository, version, fileName, epoch, tools }),
    createVerifyStep({ repository, fileName, qemu: tools.qemu ?? '' }),
  ]
}

type Wanted = { readonly base: Base; readonly builder: Builder; readonly signal: AbortSignal }

async function main({ base, builder, signal }: Wanted): Promise<void> {
  const guest = planGuest(base, builder, process.env)
  checkUser(process.getuid?.())
  const now = () => performance.now()
  const print = (line: string) => console.log(line)
  const logDir = join(repository, 'build/logs')
  const cacheDir = join(repository, 'build/cache')
  await mkdir(cacheDir, { recursive: true })
  await checkRoom(cacheDir)
  const shell = createShell({ logFile: join(logDir, 'host.log'), signal })
  const host = await loadHost({ shell, repository, builder })
  if (host.withoutKvm) print(`No KVM (${host.withoutKvm}): the guest is emulated, which takes a few minutes more.`)
  const begin = now()
  const archive = await loadArchive({ shell, env: process.env, stateFile: archiveStateFile(repository), print })
  const commit = await loadCommit(shell)
  const images = await buildRuntimes({ repository, signal, now, print, archive, commit })
  const source = await loadSource(commit, images)
  const steps = planBake({ base, guest, archive, ...source, ...host })
  const done = await runSteps(steps, { cacheDir, logDir, signal, now, print })
  const product = await publish({ done, base, source, host, images, repository })
  print(renderSummary(product, now() - begin))
}

if (import.meta.main) {
  const { values } = parseScriptArguments(process.argv.slice(2), { help, options, maxPositionals: 0 })
  const base = chooseOption('base', values.base, bases)
  const builder = chooseOption('builder', values.builder, builders)
  const stop = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(name, () => stop.abort(new Error(`The bake was stopped by ${name}; nothing of it is left running`)))
  }
  await main({ base, builder, signal: stop.signal }).catch(error => {
    console.error(`ova: ${error instanceof Error ? error.message : String(error)}`)
    process.exitCode = error instanceof HostUnfit ? 2 : 1
  })
}
