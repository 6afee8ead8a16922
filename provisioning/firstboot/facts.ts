/** Looks at the machine for what a plan depends on. */
import { readdir, readFile, realpath } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { authorityFilePattern, authorityFolder } from './plan/authorities.ts'
import type { Facts, Link } from './plan/step.ts'
import type { Login } from './settings.ts'

/** `root`: below which all paths are; `/` but for tests. */
export async function gatherFacts({ root }: { root: string }): Promise<Facts> {
  const read = (path: string) => readFile(join(root, path), 'utf8').catch(() => '')
  const base = parseBase(await read('/etc/os-release'))
  const names = await readdir(join(root, authorityFolder(base))).catch(() => [])
  return {
    base,
    links: await gatherLinks(join(root, '/sys/class/net')),
    hostName: (await read('/proc/sys/kernel/hostname')).trim(),
    passwords: await gatherPasswords({ root }),
    authorityFiles: names.filter(name => authorityFilePattern.test(name)).sort(),
  }
}

/** Who has one; of all facts those that change under a machine that runs. */
export const gatherPasswords = async ({ root }: { root: string }): Promise<Login[]> =>
  parsePasswords(await readFile(join(root, '/etc/shadow'), 'utf8').catch(() => ''))

/** In the order of their places on the bus, which is that of a hypervisor's own list, whatever they are called. */
async function gatherLinks(folder: string): Promise<Link[]> {
  const found: (Link & { place: string })[] = []
  for (const name of await readdir(folder).catch(() => [])) {
    const read = (path: string) =>
      readFile(join(folder, name, path), 'utf8').then(
        text => text.trim(),
        () => '',
      )
    // Bridges, tunnels and veth pairs have none.
    const place = await realpath(join(folder, name, 'device')).catch(() => undefined)
    if (place === undefined || (await read('type')) !== ethernet) continue
    const driver = await realpath(join(folder, name, 'device/driver')).then(basename, () => '')
    found.push({ name, mac: await read('address'), driver, place })
  }
  const sorted = found.sort((one, other) => one.place.localeCompare(other.place, 'en', { numeric: true }))
  return sorted.map(({ name, mac, driver }) => ({ name, mac, driver }))
}

/** ARPHRD_ETHER of the kernel. */
const ethernet = '1'

/** `ID=debian`, or `ID_LIKE=debian`. */
const parseBase = (osRelease: string): Facts['base'] =>
  /^ID(_LIKE)?="?([a-z ]* )?debian\b/m.test(osRelease) ? 'debian' : 'other'

const logins: readonly Login[] = ['root', 'admin']

/** Without one or with a locked one nobody logs in by password. */
const parsePasswords = (shadow: string): Login[] =>
  logins.filter(login => shadow.split('\n').some(row => row.startsWith(`${login}:`) && /^[^:]+:[^!*:]/.test(row)))
