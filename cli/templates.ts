/** Owns the templates of new functions: those of the runtimes, put in by the build. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Template {
  /** What is called in it. */
  readonly handler: string
  /** Content by file name. */
  readonly files: Readonly<Record<string, string>>
}

/** By language. */
export type Templates = Readonly<Record<string, Template>>

declare const DISPATCH_TEMPLATES: Templates

function readTemplate(folder: string): Template {
  const recipe: { templateHandler: string } = JSON.parse(readFileSync(join(folder, 'recipe.json'), 'utf8'))
  const files = readdirSync(join(folder, 'template')).map(name => [
    name,
    readFileSync(join(folder, 'template', name), 'utf8'),
  ])
  return { handler: recipe.templateHandler, files: Object.fromEntries(files) }
}

/** From the folder of the runtimes; a language without a template is none to begin with. */
export function readTemplates(runtimes: string): Templates {
  const languages = readdirSync(runtimes).filter(name => existsSync(join(runtimes, name, 'template')))
  return Object.fromEntries(languages.map(name => [name, readTemplate(join(runtimes, name))]))
}

/** Run from its sources the command reads them where they are. */
export const loadTemplates = (): Templates =>
  typeof DISPATCH_TEMPLATES === 'object'
    ? DISPATCH_TEMPLATES
    : readTemplates(join(import.meta.dirname, '../server/runtimes'))
