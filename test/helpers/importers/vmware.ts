/** VMware's rules as a list: what vCenter, ESXi, Workstation or ovftool refuse, each with the reason in their words. */

import { loadPackage, type Package, resourceType } from './vmware-package.ts'
import { attributeOf, childOf, childrenOf, namespaces, select, textAt } from './xml.ts'

type Rule = (ova: Package) => string[]

const unless = (holds: boolean, problem: string): string[] => (holds ? [] : [problem])

const sections = ['References', 'DiskSection', 'NetworkSection', 'DeploymentOptionSection', 'VirtualSystem', 'Strings']

const isSorted = (names: string[]) => names.join() === [...names].sort().join()

const manifestLine = /^(.*?)\((.*)\)= ([0-9a-f]+)$/

/** SHA1 is refused by vCenter of today, SHA512 unknown to older ones. */
const parseManifest = ({ manifest }: Package) =>
  manifest
    .split('\n')
    .filter(line => line !== '')
    .map(line => {
      const [, algorithm, name, hex] = manifestLine.exec(line) ?? []
      return { line, algorithm, name, hex }
    })

/** A family of Workstation alone (12, 16) is not one of ESXi's; 14 is that of ESXi 6.7. */
function isOfEsxi(family: string): boolean {
  const version = Number(/^vmx-0*(\d+)$/.exec(family)?.[1] ?? 0)
  return version >= 7 && version <= 14 && version !== 12
}

export const rules = {
  'the descriptor is the first member': ({ members }) =>
    unless(members[0]?.name.endsWith('.ovf') ?? false, 'Did not find an .ovf file at the beginning of the OVA package'),
  'the archive is USTAR and flat': ({ members }) =>
    members
      .filter(({ name, magic, type }) => name.includes('/') || magic !== 'ustar\x0000' || type !== '0')
      .map(({ name }) => `${name} is no plain USTAR member`),
  'the manifest follows the descriptor or the last disk': ({ members }) => {
    const at = members.findIndex(({ name }) => name.endsWith('.mf'))
    const last = members.filter(({ name }) => !name.endsWith('.cert')).length - 1
    return unless(at === 1 || at === last, `the manifest is member ${at}`)
  },
  'the disks stand in the order of References': ({ members, root }) => {
    const wanted = select(root, 'References', 'File').map(file => attributeOf(file, 'href'))
    const found = members.map(({ name }) => name).filter(name => wanted.includes(name))
    return unless(found.join() === wanted.join(), `${found.join()} instead of ${wanted.join()}`)
  },
  'every digest is of a known algorithm': ova =>
    parseManifest(ova).flatMap(({ line, algorithm }) => {
      if (algorithm === undefined) return [`Invalid manifest line: ${line}`]
      return unless(['SHA1', 'SHA256'].includes(algorithm), `Invalid OVF checksum algorithm: ${algorithm}`)
    }),
  'every member has its digest': ova => {
    const listed = parseManifest(ova).map(({ name }) => name)
    const names = ova.members.map(({ name }) => name).filter(name => !/\.(mf|cert)$/.test(name))
    return names.filter(name => !listed.includes(name)).map(name => `${name} is not in the manifest`)
  },
  'every digest is that of the stream': ova =>
    parseManifest(ova)
      .filter(({ name = '', hex }) => ova.digests.get(name) !== hex)
      .map(({ name }) => `SHA digest of file ${name} does not match manifest`),
  'the size of each file is that of its member': ({ members, root }) =>
    select(root, 'References', 'File')
      .filter(file => {
        const member = members.find(({ name }) => name === attributeOf(file, 'href'))
        return attributeOf(file, 'size') !== String(member?.bytes)
      })
      .map(file => `${attributeOf(file, 'href')} has another size`),
  'the capacity is that of the disk': ({ disks }) =>
    disks
      .filter(({ statedBytes, header }) => header?.capacityBytes !== statedBytes)
      .map(({ fileName, statedBytes, header }) => `${fileName}: ${statedBytes} stated, ${header?.capacityBytes} found`),
  'the disks are streamOptimized, version 3': ({ disks }) =>
    disks
      .filter(({ header }) => header?.magic !== 'KDMV' || header.version !== 3 || header.compression !== 1)
      .map(({ fileName, header }) => `${fileName}: sparse VMDK version ${header?.version}`),
  'the envelope is of OVF 1': ({ root }) =>
    unless(root.name === 'Envelope' && root.uri === namespaces.ovf, `${root.uri} is not supported`),
  'the sections stand in the order of the schema': ({ root }) => {
    const places = root.children.map(({ name }) => sections.indexOf(name))
    return unless(isSorted(places.map(String)) && !places.includes(-1), root.children.map(({ name }) => name).join())
  },
  'only items of OVF 1 are used': ({ hardware }) =>
    (hardware?.children ?? [])
      .filter(({ name }) => name === 'StorageItem' || name === 'EthernetPortItem')
      .map(({ name }) => `Unsupported element ${name}`),
  'the fields of each item are in alphabetical order': ({ items }) =>
    items
      .filter(item => !isSorted(item.children.map(({ name }) => name)))
      .map(item => `item ${textAt(item, 'InstanceID')}: ${item.children.map(({ name }) => name).join()}`),
  'instance ids are unique, and parents are there': ({ items }) => {
    const ids = items.map(item => textAt(item, 'InstanceID'))
    const parents = items.map(item => textAt(item, 'Parent')).filter(parent => parent !== '')
    const lost = parents.filter(parent => !ids.includes(parent)).map(parent => `parent ${parent} is not there`)
    return [...unless(new Set(ids).size === ids.length, 'an instance id is there twice'), ...lost]
  },
  'every connection is a network of the descriptor': ({ items, root }) => {
    const networks = select(root, 'NetworkSection', 'Network').map(network => attributeOf(network, 'name'))
    return items
      .filter(item => resourceType(item) === 10)
      .map(item => textAt(item, 'Connection'))
      .filter(connection => !networks.includes(connection))
      .map(connection => `network ${connection} is not listed`)
  },
  'the hardware family is one of ESXi 6.7': ({ hardware }) => {
    const families = textAt(childOf(hardware, 'System'), 'VirtualSystemType').split(/\s+/)
    return unless(families.some(isOfEsxi), `Unsupported hardware family ${families.join(' ')}`)
  },
  'there is no advanced configuration': ({ hardware }) =>
    childrenOf(hardware, 'ExtraConfig').map(each => `${attributeOf(each, 'key')} might pose a security risk`),
} satisfies Record<string, Rule>

/** A line for each rule that does not hold, beginning with the rule. */
export async function checkForVmware(path: string): Promise<string[]> {
  const ova = await loadPackage(path)
  return Object.entries<Rule>(rules).flatMap(([rule, check]) => check(ova).map(problem => `${rule}: ${problem}`))
}
