/** Reads the runtimes' recipes: what goes into a language's image, and what it starts. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

export type Recipe = {
  readonly language: string
  /** Installed with what they depend on, into a layer of their own above the shared one. */
  readonly debianPackages: readonly string[]
  /** File of the repository, or of the bundles as `dist/...`, to its place in the image. */
  readonly program: Readonly<Record<string, string>>
  readonly command: readonly string[]
  /** Packages as the language calls them, to the Debian package that brings them. */
  readonly languagePackages: Readonly<Record<string, string>>
  /** The server bind-mounts its own Node binary at /usr/bin/node. */
  readonly nodeMounted: boolean
}

export const languages = ['nodejs', 'python3']

export function loadRecipes(repository: string): Promise<Recipe[]> {
  return Promise.all(
    languages.map(async language => {
      const path = join('server/runtimes', language, 'recipe.json')
      return parseRecipe(await readFile(join(repository, path), 'utf8'), path)
    }),
  )
}

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
  const { language, nodeMounted } = fields
  return {
    language: typeof language === 'string' && /^[a-z0-9]+$/.test(language) ? language : refuse('language', 'a name'),
    debianPackages: strings('debianPackages'),
    program: map('program'),
    command: strings('command'),
    languagePackages: map('languagePackages'),
    nodeMounted: typeof nodeMounted === 'boolean' ? nodeMounted : refuse('nodeMounted', 'true or false'),
  }
}
