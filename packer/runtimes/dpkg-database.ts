/** What dpkg would know of unpacked packages had it installed them: its status file, its `info` files, its triggers. */
import { createHash } from 'node:crypto'
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Shell } from '../shell.ts'

type Interest = { readonly trigger: string; readonly listener: string }

export type Database = {
  /** Of the status file, by package. */
  readonly stanzas: Readonly<Record<string, string>>
  readonly interests: readonly Interest[]
}

export const emptyDatabase: Database = { stanzas: {}, interests: [] }

export type UnpackedPackage = {
  /** The .deb. */
  readonly file: string
  /** Its paths as `dpkg-deb --vextract` prints them. */
  readonly paths: string
}

type Place = { readonly tree: string; readonly shell: Shell; readonly below: Database }

/** Adds the packages' own files and answers with the database of all. */
export async function addDatabase(packages: readonly UnpackedPackage[], { tree, shell, below }: Place) {
  const info = join(tree, 'var/lib/dpkg/info')
  const control = join(dirname(tree), 'control')
  await mkdir(info, { recursive: true })
  const stanzas: Record<string, string> = { ...below.stanzas }
  const interests = [...below.interests]
  for (const { file, paths } of packages) {
    await rm(control, { recursive: true, force: true })
    await shell.run(['dpkg-deb', '--control', file, control])
    const { control: fields = '', conffiles = '', triggers = '' } = await readTexts(control)
    const { name, infoName } = parseControl(fields)
    for (const part of (await readdir(control)).filter(part => part !== 'control'))
      await cp(join(control, part), join(info, `${infoName}.${part}`))
    await writeFile(join(info, `${infoName}.list`), renderList(paths))
    stanzas[name] = renderStanza(fields, await hashConffiles(conffiles, tree))
    interests.push(...parseInterests(triggers, infoName))
  }
  await rm(control, { recursive: true, force: true })
  const database = { stanzas, interests }
  for (const [path, text] of Object.entries(renderDatabase(database))) {
    await mkdir(dirname(join(tree, path)), { recursive: true })
    await writeFile(join(tree, path), text)
  }
  return database
}

async function readTexts(folder: string): Promise<Record<string, string>> {
  const names = ['control', 'conffiles', 'triggers']
  const texts = names.map(async name => [name, await readFile(join(folder, name), 'utf8').catch(() => '')])
  return Object.fromEntries(await Promise.all(texts))
}

/** Packages that may be there for several architectures have theirs in the names of their `info` files. */
export function parseControl(fields: string): { name: string; infoName: string } {
  const field = (name: string) => new RegExp(`^${name}: *(.+)$`, 'm').exec(fields)?.[1] ?? ''
  const name = field('Package')
  return { name, infoName: field('Multi-Arch') === 'same' ? `${name}:${field('Architecture')}` : name }
}

export const renderList = (paths: string): string => paths.replace(/^\.(\/.*?)\/?$/gm, '$1').replace(/^\/?$/m, '/.')

async function hashConffiles(conffiles: string, tree: string): Promise<string[]> {
  const names = conffiles.split('\n').filter(line => line.startsWith('/'))
  const hash = async (name: string) => {
    const md5 = createHash('md5').update(await readFile(join(tree, name)))
    return ` ${name} ${md5.digest('hex')}`
  }
  return Promise.all(names.map(hash))
}

function renderStanza(fields: string, conffiles: readonly string[]): string {
  const installed = fields.trimEnd().replace(/^(Package: .+)$/m, '$1\nStatus: install ok installed')
  return [installed, ...(conffiles.length > 0 ? ['Conffiles:', ...conffiles] : [])].join('\n')
}

/** `interest`, `interest-await`, `interest-noawait` of deb-triggers(5); what a package activates is its own matter. */
export const parseInterests = (triggers: string, infoName: string): Interest[] =>
  [...triggers.matchAll(/^\s*interest(?:-(await|noawait))?\s+(\S+)/gm)].map(([, kind, trigger = '']) => ({
    trigger,
    listener: kind === 'noawait' ? `${infoName}/noawait` : infoName,
  }))

/** Paths without a leading slash to texts. Of triggers, those that are paths share one file. */
export function renderDatabase({ stanzas, interests }: Database): Record<string, string> {
  const names = Object.keys(stanzas).sort()
  const byFile = Map.groupBy(interests, ({ trigger }) => (trigger.startsWith('/') ? 'File' : trigger))
  const triggers = [...byFile].map(([file, listed]) => {
    const lines = listed.map(({ trigger, listener }) => (file === 'File' ? `${trigger} ${listener}` : listener))
    return [`var/lib/dpkg/triggers/${file}`, `${lines.sort().join('\n')}\n`]
  })
  return {
    'var/lib/dpkg/status': names.map(name => `${stanzas[name]}\n\n`).join(''),
    'var/lib/dpkg/info/format': '1\n',
    ...Object.fromEntries(triggers),
  }
}
