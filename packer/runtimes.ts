/** `node packer/runtimes.ts` builds the runtimes' Docker images without Docker, then loads those that Docker lacks. */
import { readFile, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { archiveStateFile, type DebianArchive, loadArchive } from './debian-archive.ts'
import { HostUnfit } from './host.ts'
import { publishFile } from './links.ts'
import { type Lock, loadLock } from './lock.ts'
import { createImageStep, type ImageRecord, imageStep, loadImageRecord } from './runtimes/image-step.ts'
import { createBaseStep, createLanguageStep, createPackagesStep, hasOwnLayer } from './runtimes/layer-steps.ts'
import { loadIntoDocker } from './runtimes/load.ts'
import { loadRecipes, type Recipe } from './runtimes/recipe.ts'
import { parseScriptArguments } from './script.ts'
import { createShell } from './shell.ts'
import { loadCommit } from './source.ts'
import { type Done, runSteps, type Step } from './step.ts'
import { createBundlesStep } from './steps/bundles.ts'
import { createLockStep, loadGone, refuseGone } from './steps/lock.ts'

const help = `Usage: npm run runtimes

Builds the runtime images, leaves them as build/runtimes/LANGUAGE.tar and loads those that Docker lacks. Takes no arguments.`

export type RuntimeImage = ImageRecord & {
  readonly language: string
  readonly inAppliance: boolean
  /** Absolute path of the archive that `docker load` takes, its sha256 and size. */
  readonly tar: string
  readonly sha256: string
  readonly bytes: number
}

export type RuntimesOptions = {
  readonly repository: string
  readonly signal: AbortSignal
  readonly now: () => number
  readonly print: (line: string) => void
  readonly archive: DebianArchive
  readonly lock: Lock
  /** Fail where not every locked version is in the archive. */
  readonly locked?: boolean
  readonly commit: string
  readonly cacheDir: string
}

/** Leaves `build/runtimes/LANGUAGE.tar` and `index.json`, which lists what this answers with. Quick when nothing changed. */
export async function buildRuntimes(options: RuntimesOptions): Promise<RuntimeImage[]> {
  const { repository, archive, lock, locked = false, commit, ...runner } = options
  const directory = join(repository, 'build/runtimes')
  const logDir = join(directory, 'log')
  const recipes = await loadRecipes(repository)
  const version = await loadVersion(repository)
  const steps = planSteps({ repository, recipes, version, archive, lock, commit })
  if (locked) refuseGone(await loadGone(await runSteps([createLockStep(lock, archive)], { ...runner, logDir })))
  const done = await runSteps(steps, { ...runner, logDir })
  const images = await Promise.all(recipes.map(recipe => publishImage(recipe, directory, done)))
  await writeFile(join(directory, 'index.json.new'), `${JSON.stringify({ images }, undefined, 2)}\n`)
  await rename(join(directory, 'index.json.new'), join(directory, 'index.json'))
  return images
}

type Planned = Pick<RuntimesOptions, 'repository' | 'archive' | 'lock' | 'commit'> & {
  readonly recipes: readonly Recipe[]
  readonly version: string
}

function planSteps({ repository, recipes, version, archive, lock, commit }: Planned): Step[] {
  const layered = recipes.filter(hasOwnLayer)
  return [
    createBundlesStep({ repository, commit }),
    createLockStep(lock, archive),
    createPackagesStep(layered, archive),
    createBaseStep(repository),
    ...layered.map(recipe => createLanguageStep(recipe, repository)),
    ...recipes.map(recipe => createImageStep({ repository, recipe, version })),
  ]
}

async function publishImage({ language, inAppliance }: Recipe, directory: string, done: Done): Promise<RuntimeImage> {
  const { name, tar } = imageStep(language)
  const target = join(directory, `${language}.tar`)
  await publishFile(done.file(name, tar), target)
  const record = await loadImageRecord(done, language)
  return {
    language,
    inAppliance,
    ...record,
    tar: target,
    sha256: done.hash(name, tar),
    bytes: (await stat(target)).size,
  }
}

async function loadVersion(repository: string): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(join(repository, 'package.json'), 'utf8'))
  if (typeof manifest === 'object' && manifest && 'version' in manifest) return String(manifest.version)
  throw new Error('package.json has no version')
}

async function main(): Promise<void> {
  const repository = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')
  const stop = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.once(name, () => stop.abort(new Error(`stopped by ${name}`)))
  const { signal } = stop
  const print = (line: string) => line.endsWith('cached') || console.log(line)
  const shell = createShell({ logFile: join(repository, 'build/runtimes/log/load.log'), signal })
  const archive = await loadArchive({ shell, env: process.env, stateFile: archiveStateFile(repository), print })
  const commit = await loadCommit(shell)
  const lock = await loadLock(repository)
  const runner = { signal, now: () => performance.now(), print, cacheDir: join(repository, 'build/cache') }
  const images = await buildRuntimes({ repository, archive, lock, commit, ...runner })
  const loaded = await loadIntoDocker(images, shell)
  for (const { tag, bytes } of images) {
    const state = loaded === undefined ? 'not loaded: no Docker answers' : loaded.includes(tag) ? 'loaded' : 'present'
    console.log(`runtimes: ${tag} ${(bytes / 1e6).toFixed(1)} MB, ${state}`)
  }
}

if (import.meta.main) {
  parseScriptArguments(process.argv.slice(2), { help, options: {}, maxPositionals: 0 })
  await main().catch(error => {
    console.error(`runtimes: ${error instanceof Error ? error.message : String(error)}`)
    process.exitCode = error instanceof HostUnfit ? 2 : 1
  })
}
