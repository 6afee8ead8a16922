/**
 * How Proxmox VE reads an OVA, by the rules of its PVE::GuestImport::OVF. What an XPath finds more than once is put
 * together into one text, and a disk that it does not understand is left out with a warning.
 */
import { type ArchiveMember, listMembers, readDescriptor, readDiskHeader } from './archive.ts'
import { type ImportedDisk, type ImportedMachine, ImportRefused } from './machine.ts'
import { attributeOf, type Node, namespaces, parseDocument, select, textAt } from './xml.ts'

const { ovf, rasd, vmw } = namespaces
const linux = [36, 79, 80, 82, 83, 84, 85, 87, 89, 90, 91, 92, 93, 94, 95, 96, 99, 100, 101, 106, 107, 108, 109]
const controllers: Readonly<Record<string, string>> = { 5: 'ide', 6: 'scsi', 20: 'sata' }
const nicModels = ['e1000', 'e1000e', 'vmxnet3']

interface Source {
  path: string
  members: ArchiveMember[]
  root: Node
  /** Of the hardware section. */
  items: Node[]
}

const findValue = (nodes: Node[], name: string): string =>
  nodes
    .flatMap(node => node.children.filter(child => child.name === name && child.uri === rasd))
    .reduce((all, { text }) => all + text, '')

const ofType = ({ items }: Source, type: number): Node[] =>
  items.filter(item => Number(textAt(item, 'ResourceType', rasd)) === type)

/** Other units than a power are not understood; the disk's own header counts then. */
function parseUnit(text: string): number | undefined {
  const [, base, exponent] = /^\s*byte\s*\*\s*(\d+)\s*\^\s*(\d+)\s*$/.exec(text) ?? []
  return base && exponent ? Number(base) ** Number(exponent) : undefined
}

async function readDisk(source: Source, item: Node): Promise<ImportedDisk | string> {
  const { root, members, items, path } = source
  const resource = findValue([item], 'HostResource')
  const [, id] = /^ovf:\/[\w.~-]+\/([\w.~-]+)$/.exec(resource) ?? []
  const disk = select(root, 'DiskSection', 'Disk').find(each => attributeOf(each, 'diskId', ovf) === id)
  const reference = id && attributeOf(disk, 'fileRef', ovf)
  if (!reference) return `invalid host resource ${resource}, skipping`
  const parent = findValue([item], 'Parent')
  const owner = items.find(each => textAt(each, 'InstanceID', rasd) === parent)
  const type = textAt(owner, 'ResourceType', rasd)
  if (type === '') return `invalid or missing controller: ${type}, skipping`
  const file = select(root, 'References', 'File').find(each => attributeOf(each, 'id', ovf) === reference)
  const name = attributeOf(file, 'href', ovf)
  if (!name) return `invalid file reference ${reference}, skipping`
  const member = members.find(each => each.name === name)
  if (!member) throw new ImportRefused(`${name} is not in the archive`)
  const unitBytes = parseUnit(attributeOf(disk, 'capacityAllocationUnits', ovf) ?? '')
  const stated = unitBytes === undefined ? undefined : Number(attributeOf(disk, 'capacity', ovf)) * unitBytes
  const bytes = stated ?? (await readDiskHeader(path, member)).capacityBytes
  return { file: name, bytes, attachedTo: `${controllers[type] ?? ''}${findValue([item], 'AddressOnParent')}` }
}

function readFirmware(root: Node): 'bios' | 'efi' {
  if (!root.attributes.some(({ uri, name }) => uri === namespaces.xmlns && name === 'vmw')) {
    throw new ImportRefused('XPath error: Undefined namespace prefix vmw')
  }
  const configs = select(root, 'VirtualSystem', 'VirtualHardwareSection')
    .flatMap(section => section.children)
    .filter(child => child.name === 'Config' && child.uri === vmw)
  const firmware = configs.find(config => attributeOf(config, 'key', vmw) === 'firmware')
  return attributeOf(firmware, 'value', vmw) === 'efi' ? 'efi' : 'bios'
}

export async function importByProxmox(path: string): Promise<ImportedMachine> {
  const members = await listMembers(path)
  const root = parseDocument(await readDescriptor(path, members))
  const source: Source = { path, members, root, items: select(root, 'VirtualSystem', 'VirtualHardwareSection', 'Item') }
  const read = await Promise.all(ofType(source, 17).map(item => readDisk(source, item)))
  const [name] = select(root, 'VirtualSystem', 'Name')
  const [os] = select(root, 'VirtualSystem', 'OperatingSystemSection')
  return {
    name: name?.text.replace(/[^a-zA-Z0-9.-]/g, '') ?? '',
    cpus: Number(findValue(ofType(source, 3), 'VirtualQuantity')),
    // Units are not looked at: the number is one of MiB, whatever they say.
    memoryMib: Number(findValue(ofType(source, 4), 'VirtualQuantity')),
    firmware: readFirmware(root),
    guestOs: linux.includes(Number(attributeOf(os, 'id', ovf))) ? 'l26' : 'other',
    disks: read.filter(disk => typeof disk !== 'string'),
    nics: ofType(source, 10).map(item => {
      const model = findValue([item], 'ResourceSubType').toLowerCase()
      return { model: nicModels.includes(model) ? model : 'e1000' }
    }),
    warnings: read.filter(disk => typeof disk === 'string'),
  }
}
