/** Fetches Debian packages of the images' release by apt alone: own folders, checked signatures, nothing installed. */
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Mirrors, renderSources } from '../debian-archive.ts'
import { hashFile } from '../hash.ts'
import type { Command, Shell } from '../shell.ts'
import { basePackages } from './contents.ts'

type Place = { readonly dir: string; readonly preferences: string }
type FileName = { readonly name: string; readonly version: string; readonly file: string }
export type DebianPackage = FileName & { readonly sha256: string }

/** @param preferences a file of apt_preferences(5) */
export function planApt({ dir, preferences }: Place, ...args: readonly string[]): Command {
  const settings = {
    'Dir::State': dir,
    'Dir::State::lists': join(dir, 'lists'),
    'Dir::State::status': join(dir, 'status'),
    'Dir::Cache': join(dir, 'cache'),
    'Dir::Etc::SourceList': join(dir, 'sources.list'),
    'Dir::Etc::SourceParts': '/dev/null',
    'Dir::Etc::Preferences': preferences,
    'Dir::Etc::PreferencesParts': '/dev/null',
    'APT::Architecture': 'amd64',
    'APT::Architectures': 'amd64',
    'APT::Install-Recommends': 'false',
    'APT::Sandbox::User': 'root',
    'Acquire::GzipIndexes': 'false',
    'Acquire::Languages': 'none',
    'Acquire::Retries': '3',
  }
  return ['apt-get', '-qq', ...Object.entries(settings).flatMap(([key, value]) => ['-o', `${key}=${value}`]), ...args]
}

/** apt names its files NAME_VERSION_ARCHITECTURE.deb with colons as %3a. */
export function parseFileName(file: string): FileName {
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
export type Fetching = Place & { readonly shell: Shell; readonly mirrors: Mirrors }

/** Fetches the signed package lists into `dir`/lists; whatever is in the archive can be asked for then. */
export async function updateLists({ dir, preferences, shell, mirrors }: Fetching): Promise<void> {
  await mkdir(join(dir, 'lists/partial'), { recursive: true })
  await writeFile(join(dir, 'sources.list'), `${renderSources(mirrors).join('\n')}\n`)
  // Nothing is installed: apt fetches all that the packages depend on.
  await writeFile(join(dir, 'status'), '')
  await shell.run(planApt({ dir, preferences }, 'update', '--error-on=any'))
}

/** Leaves the files of the set NAME in `dir`/NAME: `base` has what all share, another set what it needs beyond that. */
export async function fetchPackages(
  wanted: Readonly<Record<string, readonly string[]>>,
  fetching: Fetching,
): Promise<PackageSets> {
  const { dir, shell } = fetching
  await updateLists(fetching)
  const fetchSet = async (name: string, packages: readonly string[]): Promise<DebianPackage[]> => {
    await mkdir(join(dir, name, 'partial'), { recursive: true })
    const place = ['-o', `Dir::Cache::archives=${join(dir, name)}`]
    await shell.run(planApt(fetching, ...place, 'install', '--download-only', '-y', ...packages))
    const files = (await readdir(join(dir, name))).filter(file => file.endsWith('.deb')).sort()
    return Promise.all(
      files.map(async file => ({ ...parseFileName(file), sha256: await hashFile(join(dir, name, file)) })),
    )
  }
  const sets: Record<string, DebianPackage[]> = { base: await fetchSet('base', basePackages) }
  const shared = new Set(sets.base?.map(({ file }) => file))
  for (const [name, packages] of Object.entries(wanted)) {
    sets[name] = (await fetchSet(name, [...basePackages, ...packages])).filter(({ file }) => !shared.has(file))
  }
  return sets
}
