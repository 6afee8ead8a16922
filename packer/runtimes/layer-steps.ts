/** The layers as cached steps: packages fetched once, a layer that all images share, one for each language's packages. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DebianArchive } from '../debian-archive.ts'
import { hashText, hashTree } from '../hash.ts'
import type { Done, Step, Workbench } from '../step.ts'
import { basePackages, emptyDirectories, heldPackages, isShipped, suite } from './contents.ts'
import { writeLayer } from './layer.ts'
import { fetchPackages, type PackageSets } from './packages.ts'
import type { Recipe } from './recipe.ts'
import { addBaseFiles, compilePython, unpackPackages } from './tree.ts'

const packagesStep = { name: 'runtime-packages', files: 'packages.tar', list: 'packages.json' }
export const baseStep = { name: 'runtime-base', tar: 'layer.tar' }
export const languageStep = (language: string) => ({ name: `runtime-${language}-packages`, tar: 'layer.tar' })

/** A language whose packages are all in the shared layer gets none of its own. */
export const hasOwnLayer = ({ debianPackages }: Recipe): boolean =>
  debianPackages.some(name => !basePackages.includes(name))

/** Fetched once for a list of names and a state of Debian's archive, so that the same of both give the same layers. */
export function createPackagesStep(recipes: readonly Recipe[], archive: DebianArchive): Step {
  const wanted = Object.fromEntries(recipes.map(({ language, debianPackages }) => [language, debianPackages]))
  return {
    name: packagesStep.name,
    inputs: () => ({
      suite,
      archive: archive.state,
      packages: hashText(JSON.stringify([basePackages, heldPackages, wanted])),
    }),
    outputs: [packagesStep.files, packagesStep.list],
    async run({ dir, shell }) {
      const sets = await fetchPackages(wanted, { dir, shell, mirrors: await archive.mirrors() })
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
  return {
    name: baseStep.name,
    inputs: done => nameInputs(done, repository),
    outputs: [baseStep.tar],
    async run(bench) {
      const tree = await unpackSet('base', bench)
      await addBaseFiles(tree)
      await writeLayer(tree, join(bench.dir, baseStep.tar), { isShipped, emptyDirectories })
    },
  }
}

export function createLanguageStep({ language }: Recipe, repository: string): Step {
  const { name, tar } = languageStep(language)
  return {
    name,
    inputs: done => nameInputs(done, repository),
    outputs: [tar],
    async run(bench) {
      const tree = await unpackSet(language, bench)
      if (language === 'python3') await compilePython(tree, await unpackSet('base', bench), bench.shell)
      await writeLayer(tree, join(bench.dir, tar), { isShipped, emptyDirectories: {} })
    },
  }
}

async function nameInputs(done: Done, repository: string) {
  const packages = done.hash(packagesStep.name, packagesStep.files)
  return { packages, builder: await hashTree(repository, ['packer/runtimes']) }
}

/** A tree of a package set, with nothing in it but the packages' files. */
async function unpackSet(name: string, { dir, shell, done }: Workbench): Promise<string> {
  const files = join(dir, 'files')
  const tree = join(dir, `tree-${name}`)
  await mkdir(files, { recursive: true })
  await shell.run(['tar', '--extract', '--file', done.file(packagesStep.name, packagesStep.files), '-C', files])
  await unpackPackages((await loadPackageSets(done))[name] ?? [], { folder: join(files, name), tree, shell })
  return tree
}
