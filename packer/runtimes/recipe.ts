/** Reads the runtimes' recipes: what goes into a language's image, and what it starts. */
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

export type Recipe = {
  readonly language: string
  /** Installed with what they depend on, into a layer of their own above the shared one. */
  readonly debianPackages: readonly string[]
  /** File or folder of the repository, or file of the bundles as `dist/...`, to its place in the image. */
  readonly program: Readonly<Record<string, string>>
  /** A folder whose `prepare.sh TREE BASE_TREE` completes the tree of the packages, run where images are built; all it reads is in it. */
  readonly prepare: string | undefined
  readonly command: readonly string[]
  /** Packages as the language calls them, to the Debian package that brings them. */
  readonly languagePackages: Readonly<Record<string, string>>
  /** The server bind-mounts its own Node binary at /usr/bin/node. */
  readonly nodeMounted: boolean
  /** Part of the appliance, as it is unless the recipe says false; its archive is published beside the OVA otherwise. */
  readonly inAppliance: boolean
}

/** One for each folder of `server/runtimes` that has a recipe, by name; without those that need what nobody has put below `build/`. */
export async function loadRecipes(repository: string): Promise<Recipe[]> {
  const folders = (await readdir(join(repository, 'server/runtimes'))).sort()
  const recipes = folders.map(async folder => {
    const path = join('server/runtimes', folder, 'recipe.json')
    const text = await readFile(join(repository, path), 'utf8').catch(() => undefined)
    return text === undefined ? [] : [parseRecipe(text, path)]
  })
  return (await Promise.all(recipes)).flat().filter(recipe => isComplete(recipe, repository))
}

/** What a recipe takes from `build/` comes from no registry: a person puts it there. */
const isComplete = ({ program }: Recipe, repository: string): boolean =>
  Object.keys(program).every(source => !source.startsWith('build/') || existsSync(join(repository, source)))

/** Throws with the path and the field when the text is not a recipe. */
export function parseRecipe(text: string, path: string): Recipe {
  const value: unknown = JSON.parse(text)
  const fields: Readonly<Record<string, unknown>> = typeof value === 'object' && value !== null ? { ...value } : {}
  const refuse = (field: string, wanted: string): never => {
    throw new Error(`${path}: "${field}" must be ${wanted}`)
  }
  const strings = (field: string): string[] => {
    const list = fields[field]
    return Array.isArray(list) && list.every(item => typeof item === 'string') ? list : refuse(field, 'a list of texts')
  }
  const map = (field: string): Record<string, string> => {
    const object = fields[field]
    const entries = typeof object === 'object' && object !== null ? Object.entries(object) : refuse(field, 'an object')
    return Object.fromEntries(
      entries.map(([key, item]) => [key, typeof item === 'string' ? item : refuse(key, 'a text')]),
    )
  }
  const { language, nodeMounted, prepare, inAppliance = true } = fields
  return {
    language: typeof language === 'string' && /^[a-z0-9]+$/.test(language) ? language : refuse('language', 'a name'),
    debianPackages: strings('debianPackages'),
    program: map('program'),
    command: strings('command'),
    prepare: prepare === undefined || typeof prepare === 'string' ? prepare : refuse('prepare', 'a path'),
    languagePackages: map('languagePackages'),
    nodeMounted: typeof nodeMounted === 'boolean' ? nodeMounted : refuse('nodeMounted', 'true or false'),
    inAppliance: typeof inAppliance === 'boolean' ? inAppliance : refuse('inAppliance', 'true or false'),
  }
}
