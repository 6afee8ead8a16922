/** Looks into an .ova for what a deployment needs to know of it, and into a file of options for govc. */
import { readFile, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { childrenNamed, descendantsNamed, type ParsedElement, parseXml } from '../../ova/verify/xml.ts'
import type { Shell } from '../shell.ts'
import { DeployRefused, type Ova } from './target.ts'

/** A property is known by its section's class and instance too (DSP0243, 9.5.1). */
function readProperties(root: ParsedElement): string[] {
  return descendantsNamed(root, 'ProductSection').flatMap(section => {
    const [before, after] = [section.attributes.get('ovf:class'), section.attributes.get('ovf:instance')]
    const keys = childrenNamed(section, 'Property').map(property => property.attributes.get('ovf:key'))
    return keys.map(key => [before, key, after].filter(part => part !== undefined && part !== '').join('.'))
  })
}

/** The name becomes an argument of tar: one that begins with a dash would be an option, and options run programs. */
const plainName = /^[A-Za-z0-9][A-Za-z0-9._-]*$/

export async function loadOva(shell: Shell, file: string): Promise<Ova> {
  const path = resolve(file)
  const names = (await shell.run(['tar', '-tf', path])).split('\n')
  const find = (ending: string) => {
    const name = names.find(each => each.endsWith(ending))
    if (name === undefined) throw new DeployRefused(`${path} holds no ${ending}: look at it by npm run verify`)
    if (!plainName.test(name))
      throw new DeployRefused(`${path}: the name of its ${ending} is not a plain one: look at it by npm run verify`)
    return name
  }
  const [descriptor, disk] = [find('.ovf'), find('.vmdk')]
  const root = parseXml(await shell.run(['tar', '-xOf', path, descriptor]))
  const [network] = descendantsNamed(root, 'Network')
  const diskBytes = parseCapacity(descendantsNamed(root, 'Disk')[0], path)
  return {
    path,
    descriptor,
    disk,
    network: network?.attributes.get('ovf:name') ?? '',
    diskBytes,
    properties: readProperties(root),
  }
}

/** In bytes, as ours states it; units that other makers write are refused, for a wrong guess would shrink a disk. */
function parseCapacity(disk: ParsedElement | undefined, path: string): number {
  const capacity = disk?.attributes.get('ovf:capacity') ?? ''
  const units = disk?.attributes.get('ovf:capacityAllocationUnits') ?? 'byte'
  if (/^\d{1,15}$/.test(capacity) && units === 'byte') return Number(capacity)
  throw new DeployRefused(`${path} does not state its disk's size in bytes: look at it by npm run verify`)
}

function parseKeys(text: string, file: string): string[] {
  const options: unknown = JSON.parse(text)
  const mapping: unknown =
    options && typeof options === 'object' && 'PropertyMapping' in options ? options.PropertyMapping : []
  // govc writes null where there are none.
  return (Array.isArray(mapping) ? mapping : []).map((entry: unknown) => {
    if (entry && typeof entry === 'object' && 'Key' in entry) return String(entry.Key)
    throw new DeployRefused(`${file}: PropertyMapping holds something without a Key`)
  })
}

/** Refuses a file whose properties the .ova has not, and one with properties that others of this machine may read. */
export async function checkOptions(file: string, { properties }: Pick<Ova, 'properties'>): Promise<void> {
  const keys = parseKeys(await readFile(file, 'utf8'), file)
  const unknown = keys.find(key => !properties.includes(key))
  const known = properties.length === 0 ? 'it has none' : `it has ${properties.join(', ')}`
  if (unknown !== undefined) throw new DeployRefused(`${file}: the .ova has no property ${unknown}; ${known}`)
  const { mode } = await stat(file)
  if (keys.length > 0 && (mode & 0o077) !== 0) {
    throw new DeployRefused(`${file} may hold a password and others can read it: chmod 600 ${file}`)
  }
}
