/** Fetches Debian packages of the images' release by apt alone: own folders, checked signatures, nothing installed. */
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Command, Shell } from '../shell.ts'
import { basePackages, heldPackages, suite } from './contents.ts'

export type DebianPackage = { readonly name: string; readonly version: string; readonly file: string }

const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg'

/** The machine cannot say where Debian's packages are; the text tells its reader what to do. */
export class MirrorUnknown extends Error {
  override readonly name = 'MirrorUnknown'
}

export type Mirrors = { readonly archive: string; readonly security: string }

/**
 * The mirror that this machine's own packages come from also serves the images' release.
 * @param printed what `apt-get update --print-uris` prints
 */
export function parseMirrors(printed: string, given?: string): Mirrors {
  const addresses = [...printed.matchAll(/'([^']+)\/dists\/[^']*\/InRelease'/g)].map(match => match[1] ?? '')
  const archive = given?.replace(/\/+$/, '') || addresses.find(address => address.endsWith('/debian'))
  if (!archive)
    throw new MirrorUnknown(
      "apt has no Debian mirror among this machine's sources. Set DISPATCH_DEBIAN_MIRROR to the address of one (its folder that holds dists/) and run this again.",
    )
  const security = addresses.find(address => address.endsWith('/debian-security'))
  return { archive, security: (!given && security) || `${archive.replace(/\/debian$/, '')}/debian-security` }
}

export function renderSources({ archive, security }: Mirrors): string {
  const line = (address: string, name: string) => `deb [signed-by=${keyring}] ${address} ${name} main\n`
  return line(archive, suite) + line(archive, `${suite}-updates`) + line(security, `${suite}-security`)
}

/** Held packages look installed, so that apt neither fetches them nor what they depend on. */
export function renderStatus(): string {
  const stanza = ([name, { provides }]: [string, { readonly provides?: string }]) =>
    [
      `Package: ${name}`,
      'Status: install ok installed',
      ...['Version: 9999', 'Architecture: amd64', 'Multi-Arch: foreign', 'Maintainer: nobody', 'Description: held'],
      ...(provides ? [`Provides: ${provides}`] : []),
    ].join('\n')
  return `${Object.entries(heldPackages).map(stanza).join('\n\n')}\n`
}

export function planApt(dir: string, ...args: readonly string[]): Command {
  const settings = {
    'Dir::State': dir,
    'Dir::State::lists': join(dir, 'lists'),
    'Dir::State::status': join(dir, 'status'),
    'Dir::Cache': join(dir, 'cache'),
    'Dir::Etc::SourceList': join(dir, 'sources.list'),
    'Dir::Etc::SourceParts': '/dev/null',
    'Dir::Etc::Preferences': '/dev/null',
    'Dir::Etc::PreferencesParts': '/dev/null',
    'APT::Architecture': 'amd64',
    'APT::Architectures': 'amd64',
    'APT::Install-Recommends': 'false',
    'APT::Sandbox::User': 'root',
    'Acquire::Languages': 'none',
    'Acquire::Retries': '3',
  }
  return ['apt-get', '-qq', ...Object.entries(settings).flatMap(([key, value]) => ['-o', `${key}=${value}`]), ...args]
}

/** apt names its files NAME_VERSION_ARCHITECTURE.deb with colons as %3a. */
export function parseFileName(file: string): DebianPackage {
  const [name = '', version = ''] = decodeURIComponent(file.replace(/\.deb$/, '')).split('_')
  return { name, version, file }
}

/** `1:2.32.3+dfsg-5+deb13u1` is 2.32.3 to its language. */
export const parseUpstreamVersion = (version: string): string =>
  version
    .replace(/^\d+:/, '')
    .replace(/-[^-]*$/, '')
    .replace(/[+~](dfsg|ds|repack|really).*$/, '')

export type PackageSets = Readonly<Record<string, readonly DebianPackage[]>>
export type Fetching = { readonly dir: string; readonly shell: Shell; readonly mirror?: string | undefined }

/** Leaves the files of the set NAME in `dir`/NAME: `base` has what all share, another set what it needs beyond that. */
export async function fetchPackages(
  wanted: Readonly<Record<string, readonly string[]>>,
  { dir, shell, mirror }: Fetching,
): Promise<PackageSets> {
  await mkdir(join(dir, 'lists/partial'), { recursive: true })
  const mirrors = parseMirrors(mirror ? '' : await shell.run(['apt-get', 'update', '--print-uris']), mirror)
  await writeFile(join(dir, 'sources.list'), renderSources(mirrors))
  await writeFile(join(dir, 'status'), renderStatus())
  await shell.run(planApt(dir, 'update', '--error-on=any'))
  const fetchSet = async (name: string, packages: readonly string[]): Promise<DebianPackage[]> => {
    await mkdir(join(dir, name, 'partial'), { recursive: true })
    const place = ['-o', `Dir::Cache::archives=${join(dir, name)}`]
    await shell.run(planApt(dir, ...place, 'install', '--download-only', '-y', ...packages))
    return (await readdir(join(dir, name)))
      .filter(file => file.endsWith('.deb'))
      .sort()
      .map(parseFileName)
  }
  const sets: Record<string, DebianPackage[]> = { base: await fetchSet('base', basePackages) }
  const shared = new Set(sets.base?.map(({ file }) => file))
  for (const [name, packages] of Object.entries(wanted)) {
    sets[name] = (await fetchSet(name, [...basePackages, ...packages])).filter(({ file }) => !shared.has(file))
  }
  return sets
}
