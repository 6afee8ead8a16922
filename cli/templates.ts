/** Owns the templates of new functions: those of the runtimes, put in by the build. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Content by file name, by language. */
export type Templates = Readonly<Record<string, Readonly<Record<string, string>>>>

declare const DISPATCH_TEMPLATES: Templates

function readFolder(folder: string): Record<string, string> {
  return Object.fromEntries(readdirSync(folder).map(name => [name, readFileSync(join(folder, name), 'utf8')]))
}

/** From the folder of the runtimes; a language without a template is none to begin with. */
export function readTemplates(runtimes: string): Templates {
  const languages = readdirSync(runtimes).filter(name =>
    statSync(join(runtimes, name, 'template'), { throwIfNoEntry: false })?.isDirectory(),
  )
  return Object.fromEntries(languages.map(name => [name, readFolder(join(runtimes, name, 'template'))]))
}

/** Run from its sources the command reads them where they are. */
export const loadTemplates = (): Templates =>
  typeof DISPATCH_TEMPLATES === 'object'
    ? DISPATCH_TEMPLATES
    : readTemplates(join(import.meta.dirname, '../server/runtimes'))
