/** What systemd says of our units: that they are whole, and how open they leave the machine. */
import type { Dirent } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Shell } from '../shell.ts'

/** Of 100, as `systemd-analyze security` counts: more is more open. */
const maxExposure = 35

/** Units that must be more open, or are held to less, each with the reason. */
export const exposureLimits: Readonly<Record<string, { readonly max: number; readonly reason: string }>> = {
  'dispatch-appliance.service': {
    max: 60,
    reason: 'it is what sets the machine up: files of all programs, passwords, mounts, firewall, units, the console',
  },
  'dispatch-server.service': { max: 25, reason: 'strangers talk to it, and it needs no rights but a group' },
}

export type OwnUnits = {
  /** Made by us. */
  readonly units: readonly string[]
  /** Of packages, with a drop-in of ours. */
  readonly changed: readonly string[]
}

const unitName = /^[^.]+\.(service|socket|target|timer|path|mount|automount|slice|swap)$/

/** By listing the folder, so that a new unit is judged as well. Links are no units: they mask and enable. */
export async function listOwnUnits(rootfs: string): Promise<OwnUnits> {
  const found = await readdir(join(rootfs, 'etc/systemd/system'), { withFileTypes: true })
  const names = (isWanted: (entry: Dirent) => boolean) => found.filter(isWanted).map(({ name }) => name)
  const dropIns = names(entry => entry.isDirectory()).map(name => name.replace(/\.d$/, ''))
  return {
    units: names(entry => entry.isFile() && unitName.test(entry.name)).sort(),
    changed: dropIns.filter(name => unitName.test(name)).sort(),
  }
}

/** systemd looks at an instance of a template. */
const instanceOf = (unit: string): string => unit.replace('@.', '@1.')

const services = ({ units }: OwnUnits): string[] => units.filter(name => name.endsWith('.service'))

/** Words for `systemd-analyze`, which fails with a line for each thing that is wrong. */
export const planVerify = ({ units, changed }: OwnUnits): string[] => [
  ...['verify', '--man=no', ...[...units, ...changed].map(instanceOf)],
]

/** Words for `systemd-analyze`, whose output `findExposed` reads. */
export const planSecurity = (own: OwnUnits): string[] => [
  ...['security', '--offline=yes', '--no-pager', ...services(own).map(instanceOf)],
]

/** What is too open, a line each, from what `systemd-analyze security` printed. A unit that it left out is an error. */
export function findExposed(own: OwnUnits, printed: string): string[] {
  const found = [...printed.matchAll(/exposure level for (\S+): ([\d.]+)/g)]
  const levels = new Map(found.map(([, unit = '', level]) => [unit, Math.round(Number(level) * 10)]))
  return services(own).flatMap(unit => {
    const level = levels.get(instanceOf(unit))
    if (level === undefined) throw new Error(`systemd-analyze does not say how open ${unit} is`)
    const { max = maxExposure } = exposureLimits[unit] ?? {}
    if (level <= max) return []
    const advice = 'close it (see dispatch-server.service), or name it in packer/hygiene/units.ts with a reason'
    return [`${unit} is open by ${level / 10} of 10, where ${max / 10} are allowed: ${advice}`]
  })
}

/** Judges the units of an unpacked tree by the tree's own systemd. Leaves traces in its /run and /tmp. */
export async function checkUnits(treeDir: string, own: OwnUnits, shell: Shell): Promise<void> {
  const analyze = (...words: string[]) => shell.run(['chroot', treeDir, 'systemd-analyze', ...words])
  // Together with all that is started at boot, so that no order has a cycle.
  await analyze(...planVerify(own), 'multi-user.target')
  const exposed = findExposed(own, await analyze(...planSecurity(own)))
  if (exposed.length > 0) throw new Error(`Units of ours are too open:\n  ${exposed.join('\n  ')}`)
}
