/** The layers as cached steps: packages fetched once, a layer that all images share, one for each language's packages. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DebianArchive } from '../debian-archive.ts'
import { hashText, hashTree } from '../hash.ts'
import type { Done, Step, Workbench } from '../step.ts'
import { lockStep } from '../steps/lock.ts'
import { basePackages, baseRootfs, directoryModes, suite } from './contents.ts'
import { addDatabase, type Database, emptyDatabase, type UnpackedPackage } from './dpkg-database.ts'
import { layerEpoch, writeLayer } from './layer.ts'
import { fetchPackages, type PackageSets } from './packages.ts'
import type { Recipe } from './recipe.ts'
import { loadIsShipped } from './shipped.ts'
import { addBaseFiles, unpackPackages } from './tree.ts'

const packagesStep = { name: 'runtime-packages', files: 'packages.tar', list: 'packages.json' }
export const baseStep = { name: 'runtime-base', tar: 'layer.tar', database: 'database.json' }
export const languageStep = (language: string) => ({ name: `runtime-${language}-packages`, tar: 'layer.tar' })

/** A language whose packages are all in the shared layer gets none of its own. */
export const hasOwnLayer = ({ debianPackages }: Recipe): boolean =>
  debianPackages.some(name => !basePackages.includes(name))

/** Fetched once for a list of names and a state of Debian's archive, so that the same of both give the same layers. */
export function createPackagesStep(recipes: readonly Recipe[], archive: DebianArchive): Step {
  const wanted = Object.fromEntries(recipes.map(({ language, debianPackages }) => [language, debianPackages]))
  return {
    name: packagesStep.name,
    inputs: done => ({
      ...{ suite, archive: archive.state, packages: hashText(JSON.stringify([basePackages, wanted])) },
      pins: done.hash(lockStep.name, lockStep.pins),
    }),
    outputs: [packagesStep.files, packagesStep.list],
    async run({ dir, shell, done }) {
      const preferences = done.file(lockStep.name, lockStep.pins)
      const sets = await fetchPackages(wanted, { dir, preferences, shell, mirrors: await archive.mirrors() })
      const files = Object.entries(sets).flatMap(([name, packages]) => packages.map(({ file }) => join(name, file)))
      const options = ['--sort=name', '--owner=0', '--group=0', '--numeric-owner', '--mtime=@0', '--mode=0644']
      await shell.run(['tar', '--create', '--file', join(dir, packagesStep.files), ...options, '-C', dir, ...files])
      await writeFile(join(dir, packagesStep.list), `${JSON.stringify(sets, undefined, 2)}\n`)
    },
  }
}

export async function loadPackageSets(done: Done): Promise<PackageSets> {
  return JSON.parse(await readFile(done.file(packagesStep.name, packagesStep.list), 'utf8'))
}

export function createBaseStep(repository: string): Step {
  const rootfs = join(repository, baseRootfs)
  return {
    name: baseStep.name,
    inputs: done => nameInputs(done, repository),
    outputs: [baseStep.tar, baseStep.database],
    async run(bench) {
      const { dir, shell } = bench
      const { tree, packages } = await unpackSet('base', bench)
      const database = await addDatabase(packages, { tree, shell, below: emptyDatabase })
      await addBaseFiles({ tree, rootfs, shell })
      await writeFile(join(dir, baseStep.database), JSON.stringify(database))
      await writeLayer(tree, join(dir, baseStep.tar), { isShipped: await loadIsShipped(repository), directoryModes })
    },
  }
}

export function createLanguageStep({ language, prepare }: Recipe, repository: string): Step {
  const { name, tar } = languageStep(language)
  return {
    name,
    inputs: async done => ({
      ...(await nameInputs(done, repository)),
      prepare: prepare === undefined ? '' : await hashTree(repository, [prepare]),
    }),
    outputs: [tar],
    async run(bench) {
      const { dir, shell, done } = bench
      const { tree, packages } = await unpackSet(language, bench)
      const below: Database = JSON.parse(await readFile(done.file(baseStep.name, baseStep.database), 'utf8'))
      await addDatabase(packages, { tree, shell, below })
      if (prepare !== undefined) {
        const base = await unpackSet('base', bench)
        const env = { SOURCE_DATE_EPOCH: String(layerEpoch) }
        await shell.run(['sh', join(repository, prepare, 'prepare.sh'), tree, base.tree], { env })
      }
      const isShipped = await loadIsShipped(repository)
      await writeLayer(tree, join(dir, tar), { isShipped, directoryModes: {} })
    },
  }
}

async function nameInputs(done: Done, repository: string) {
  const packages = done.hash(packagesStep.name, packagesStep.files)
  return { packages, builder: await hashTree(repository, ['packer/runtimes', baseRootfs]) }
}

type Set = { readonly tree: string; readonly packages: readonly UnpackedPackage[] }

/** A tree of a package set, with nothing in it but the packages' files. */
async function unpackSet(name: string, { dir, shell, done }: Workbench): Promise<Set> {
  const folder = join(dir, 'files', name)
  const tree = join(dir, `tree-${name}`)
  await mkdir(folder, { recursive: true })
  const archive = done.file(packagesStep.name, packagesStep.files)
  await shell.run(['tar', '--extract', '--file', archive, '-C', join(dir, 'files'), name])
  const packages = await unpackPackages((await loadPackageSets(done))[name] ?? [], { folder, tree, shell })
  return { tree, packages }
}
