/** `npm run ova`: bakes the appliance and leaves the .ova, and what belongs beside it, in build/ova. */
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Base } from './bases/base.ts'
import { bases } from './bases/table.ts'
import { type Builder, builders, planGuest } from './builders.ts'
import { archiveStateFile, loadArchive } from './debian-archive.ts'
import { parseEpoch } from './epoch.ts'
import { checkRoom, checkUser, HostUnfit, loadHost, neededBytes } from './host.ts'
import { loadLock, renderDrift } from './lock.ts'
import { bake, bakeTwice } from './plan.ts'
import { publish, renderSummary } from './release/publish.ts'
import { loadSigningKey, signSums } from './release/signature.ts'
import { renderComparison } from './reproducible.ts'
import { chooseOption, givenPath, parseScriptArguments } from './script.ts'
import { createShell } from './shell.ts'
import { loadCommit, repository } from './source.ts'

const help = `Usage: npm run ova -- [--base NAME] [--builder NAME] [--locked] [--sign-key FILE] [--check-reproducible]

Bakes the appliance and verifies it; leaves in build/ova the .ova, SHA256SUMS, manifest.json, sbom.cdx.json (CycloneDX),
provenance.json (SLSA) and LICENCES.txt.

  --base NAME           what it is made of: ${Object.keys(bases).join(', ')} (debian where none is named)
  --builder NAME        where the bake's guest runs: ${Object.keys(builders).join(', ')} (qemu where none is named)
  --locked              fail where Debian's archive lacks a version of packer/lock.json, or a package is not in it,
                        instead of taking the newest; for debian in qemu
  --sign-key FILE       sign SHA256SUMS with this key: of minisign, or EC on P-256 as PEM, for cosign
  --check-reproducible  bake twice from nothing, compare, and publish nothing

SOURCE_DATE_EPOCH, where it is set, is the latest time stamp of any file of the appliance.
docs/guides/bases.md says what each base and builder needs, and which have been run.`

const options = {
  base: { type: 'string', default: 'debian' },
  builder: { type: 'string', default: 'qemu' },
  locked: { type: 'boolean', default: false },
  'sign-key': { type: 'string' },
  'check-reproducible': { type: 'boolean', default: false },
} as const

type Wanted = {
  readonly chosen: Base
  readonly builder: Builder
  readonly locked: boolean
  readonly signKey: string | undefined
  readonly isCheck: boolean
  readonly signal: AbortSignal
}

async function main({ chosen, builder, locked, signKey, isCheck, signal }: Wanted): Promise<void> {
  const base = { ...chosen, epoch: parseEpoch(process.env.SOURCE_DATE_EPOCH, chosen.epoch) }
  const guest = planGuest(base, builder, process.env)
  // Whoever installs its packages in the guest takes what the distribution has that day.
  if (locked && guest.origin !== 'tree')
    throw new HostUnfit(`--locked is not for ${base.name} in ${builder.name}: its packages are in no lock.`)
  checkUser(process.getuid?.())
  const now = () => performance.now()
  const print = (line: string) => console.log(line)
  const [logDir, cacheDir] = [join(repository, 'build/logs'), join(repository, 'build/cache')]
  await mkdir(cacheDir, { recursive: true })
  await checkRoom(cacheDir, isCheck ? 2 * neededBytes : neededBytes)
  const shell = createShell({ logFile: join(logDir, 'host.log'), signal })
  const key = signKey === undefined ? undefined : await loadSigningKey(givenPath(signKey), shell)
  const host = await loadHost({ shell, repository, builder })
  if (host.withoutKvm) print(`No KVM (${host.withoutKvm}): the guest is emulated, which takes a few minutes more.`)
  const begin = now()
  const archive = await loadArchive({ shell, env: process.env, stateFile: archiveStateFile(repository), print })
  const [commit, lock] = [await loadCommit(shell), await loadLock(repository)]
  const facts = { base, guest, archive, lock, commit, locked, host, print, now, signal, logDir }
  if (isCheck) {
    const folder = join(cacheDir, 'reproducible')
    const comparison = await bakeTwice(facts, folder)
    print(renderComparison(comparison))
    // What differs stays for a look at it.
    if (comparison.isEqual) await rm(folder, { recursive: true })
    else process.exitCode = 1
    return
  }
  const parameters = { builder: builder.name, locked }
  const baked = await bake(facts, cacheDir)
  const product = await publish({ ...baked, base, host, repository, guest, parameters })
  if (key) print(await signSums({ key, sums: product.sums, comment: `dispatch-solo ${baked.source.version}`, shell }))
  for (const line of renderDrift(baked.drift)) print(line)
  print(renderSummary(product, now() - begin))
}

if (import.meta.main) {
  const { values } = parseScriptArguments(process.argv.slice(2), { help, options, maxPositionals: 0 })
  const chosen = chooseOption('base', values.base, bases)
  const builder = chooseOption('builder', values.builder, builders)
  const { locked, 'sign-key': signKey, 'check-reproducible': isCheck } = values
  const stop = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(name, () => stop.abort(new Error(`The bake was stopped by ${name}; nothing of it is left running`)))
  }
  await main({ chosen, builder, locked, signKey, isCheck, signal: stop.signal }).catch(error => {
    console.error(`ova: ${error instanceof Error ? error.message : String(error)}`)
    process.exitCode = error instanceof HostUnfit ? 2 : 1
  })
}
