/** Debian's archive as a bake sees it: the mirrors that serve it to this machine, and which state of it they serve. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { debian } from './bases/debian.ts'
import { hashText } from './hash.ts'
import { HostUnfit } from './host.ts'
import type { Shell } from './shell.ts'

export type Mirrors = { readonly archive: string; readonly security: string }

export type DebianArchive = {
  /** Asked only where packages are fetched. Rejects with HostUnfit when nothing says where Debian's packages are. */
  mirrors(): Promise<Mirrors>
  /** A hash of the suites' package lists: as long as it is the same, what was installed from them is up to date. */
  readonly state: string
}

export type ArchiveOptions = {
  readonly shell: Shell
  /** DISPATCH_DEBIAN_MIRROR names a mirror; without it, this machine's own is taken. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** Remembers the last state that was seen, for when no mirror answers. */
  readonly stateFile: string
  readonly print: (line: string) => void
}

export const archiveStateFile = (repository: string): string => join(repository, 'build/cache/debian-archive.state')

const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg'

export async function loadArchive({ shell, env, stateFile, print }: ArchiveOptions): Promise<DebianArchive> {
  const found = findMirrors(shell, env.DISPATCH_DEBIAN_MIRROR)
  const mirrors = () => found
  try {
    const state = await fetchState(shell, await found)
    await mkdir(dirname(stateFile), { recursive: true })
    await writeFile(stateFile, state)
    return { mirrors, state }
  } catch (error) {
    const state = await readFile(stateFile, 'utf8').catch(() => 'unknown')
    const text = error instanceof Error ? error.message : String(error)
    const why = /^ {2}\| (E: .*)$/m.exec(text)?.[1] ?? text.split('\n')[0]
    print(`Debian's archive does not say what is current (${why}); cached packages are used as they are.`)
    return { mirrors, state }
  }
}

async function findMirrors(shell: Shell, given: string | undefined): Promise<Mirrors> {
  return parseMirrors(given ? '' : await shell.run(['apt-get', 'update', '--print-uris']), given)
}

/**
 * The mirror that this machine's own packages come from also serves the release of the appliance.
 * @param printed what `apt-get update --print-uris` prints
 */
export function parseMirrors(printed: string, given?: string): Mirrors {
  const addresses = [...printed.matchAll(/'([^']+)\/dists\/[^']*\/InRelease'/g)].map(match => match[1] ?? '')
  const archive = given?.replace(/\/+$/, '') || addresses.find(address => address.endsWith('/debian'))
  if (!archive)
    throw new HostUnfit(
      "apt has no Debian mirror among this machine's sources. Set DISPATCH_DEBIAN_MIRROR to the address of one (its folder that holds dists/) and run this again.",
    )
  const security = addresses.find(address => address.endsWith('/debian-security'))
  return { archive, security: (!given && security) || nameSecurity(archive) }
}

/** What ends a snapshot's address: the second that it was taken at. */
const snapshotTime = /\/\d{8}T\d{6}Z$/

/** A mirror has security beside the archive; a snapshot has it at the same second, below a name of its own. */
function nameSecurity(archive: string): string {
  const [time = ''] = snapshotTime.exec(archive) ?? []
  const place = archive.slice(0, archive.length - time.length).replace(/\/debian$/, '')
  return `${place}/debian-security${time}`
}

type Source = { readonly address: string; readonly suite: string }

function planSources({ archive, security }: Mirrors): Source[] {
  const { suite } = debian
  return [
    { address: archive, suite },
    { address: archive, suite: `${suite}-updates` },
    { address: security, suite: `${suite}-security` },
  ]
}

/**
 * Lines of a sources.list; the keyring makes apt refuse whatever Debian has not signed. Lists of updates and of security
 * count for a week only, which is over in a snapshot: it is taken for what it was.
 */
export function renderSources(mirrors: Mirrors): string[] {
  return planSources(mirrors).map(({ address, suite }) => {
    const options = `signed-by=${keyring}${snapshotTime.test(address) ? ' check-valid-until=no' : ''}`
    return `deb [${options}] ${address} ${suite} main`
  })
}

/** By apt's own downloader, which knows this machine's proxies. Signatures are checked later, when packages are fetched. */
async function fetchState(shell: Shell, mirrors: Mirrors): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'debian-archive-'))
  const options = ['-o', 'Acquire::http::Timeout=10', '-o', 'Acquire::Retries=1', '-o', 'APT::Sandbox::User=root']
  const fetchLists = async ({ address, suite }: Source): Promise<string> => {
    const file = join(dir, suite)
    const url = `${address}/dists/${suite}/InRelease`
    await shell.run(['/usr/lib/apt/apt-helper', ...options, 'download-file', url, file])
    return parsePackageLists(await readFile(file, 'utf8'))
  }
  try {
    return hashText((await Promise.all(planSources(mirrors).map(fetchLists))).join('\n'))
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

/** The package list's own hash out of an InRelease file, whose dates change several times a day without it. */
export function parsePackageLists(inRelease: string): string {
  const found = /^ ([0-9a-f]{64}) +\d+ main\/binary-amd64\/Packages$/m.exec(inRelease)?.[1]
  if (!found) throw new Error('an InRelease file names no package list for amd64')
  return found
}
