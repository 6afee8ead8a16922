/** `npm run ova:update`: writes packer/lock.json anew, with the newest version of every Debian package. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { debian } from './bases/debian.ts'
import { builders } from './builders.ts'
import { archiveStateFile, loadArchive } from './debian-archive.ts'
import { checkUser, HostUnfit, loadHost } from './host.ts'
import { type ListedPackage, parsePackages } from './listed-package.ts'
import { findDrift, loadLock, lockFile, planLock, renderDrift, renderLockFile } from './lock.ts'
import { createPackagesStep, hasOwnLayer, loadPackageSets } from './runtimes/layer-steps.ts'
import { loadRecipes } from './runtimes/recipe.ts'
import { parseScriptArguments } from './script.ts'
import { createShell } from './shell.ts'
import { repository } from './source.ts'
import { type Done, runSteps } from './step.ts'
import { baseTree, createBaseTreeStep } from './steps/base-tree.ts'
import { createLockStep } from './steps/lock.ts'

const help = `Usage: npm run ova:update

Writes packer/lock.json anew, with the newest version of every Debian package of the appliance. Takes no arguments.`

async function listInstalled(done: Done): Promise<ListedPackage[]> {
  const rows = await readFile(done.file(baseTree.name, baseTree.packages), 'utf8')
  const system = parsePackages(rows.replace(/\t[^\t\n]*$/gm, ''), rows)
  const runtimes = Object.values(await loadPackageSets(done)).flat()
  return [...runtimes.map(entry => ({ ...entry, architecture: '' })), ...system]
}

async function main(): Promise<void> {
  checkUser(process.getuid?.())
  const [logDir, cacheDir] = [join(repository, 'build/logs'), join(repository, 'build/cache')]
  await mkdir(cacheDir, { recursive: true })
  const { signal } = new AbortController()
  const print = (line: string) => console.log(line)
  const shell = createShell({ logFile: join(logDir, 'host.log'), signal })
  const { tools } = await loadHost({ shell, repository, builder: builders.qemu })
  const archive = await loadArchive({ shell, env: process.env, stateFile: archiveStateFile(repository), print })
  const steps = [
    createLockStep({ suite: debian.suite, packages: {} }, archive),
    createPackagesStep((await loadRecipes(repository)).filter(hasOwnLayer), archive),
    createBaseTreeStep({ base: debian, archive, mmdebstrapVersion: tools.mmdebstrap ?? '' }),
  ]
  const done = await runSteps(steps, { cacheDir, logDir, signal, now: () => performance.now(), print })
  const installed = await listInstalled(done)
  for (const line of renderDrift(findDrift(await loadLock(repository), installed))) print(line)
  await writeFile(join(repository, lockFile), renderLockFile(planLock(debian.suite, installed)))
  print(
    `${lockFile}: ${new Set(installed.map(({ name }) => name)).size} Debian packages, as ${debian.name} has them now.`,
  )
}

parseScriptArguments(process.argv.slice(2), { help, options: {}, maxPositionals: 0 })
await main().catch(error => {
  console.error(`ova:update: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = error instanceof HostUnfit ? 2 : 1
})
