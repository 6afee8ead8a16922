/**
 * How VirtualBox reads an OVA, by the rules of its ovfreader.cpp and ApplianceImplImport.cpp. The archive comes as a
 * stream: what is not asked for in its turn is gone. Namespaces of elements do not matter to it.
 */
import { isRegular, listMembers, readDescriptor } from './archive.ts'
import { type ImportedDisk, type ImportedMachine, type ImportedNic, ImportRefused } from './machine.ts'
import { attachment, guestOs, memoryUnits, nicModel, scsiController, storageControllers } from './virtualbox-tables.ts'
import { attributeOf, childOf, childrenOf, type Node, namespaces, parseDocument, textAt } from './xml.ts'

interface DiskImage {
  file: string
  bytes: number
}

interface Hardware {
  cpus: number
  memoryMib: number
  /** By instance id. */
  controllers: Map<string, string>
  adapters: { subType: string; connection: string }[]
}

function readDiskImages(root: Node): Map<string, DiskImage> {
  const files = childrenOf(childOf(root, 'References'), 'File')
  const disks = childrenOf(childOf(root, 'DiskSection'), 'Disk').map((disk): [string, DiskImage] => {
    const demand = (name: string, form = /./) => {
      const value = attributeOf(disk, name)
      if (value === undefined || !form.test(value)) throw new ImportRefused(`missing or invalid attribute '${name}'`)
      return value
    }
    const id = demand('diskId')
    demand('format')
    // Units are not looked at: the number is one of bytes, whatever they say.
    const bytes = Number(demand('capacity', /^-?\d+$/))
    const reference = attributeOf(disk, 'fileRef')
    const file = files.find(each => attributeOf(each, 'id') === reference)
    if (reference !== undefined && !file) throw new ImportRefused(`cannot find File element for ID "${reference}"`)
    return [id, { file: attributeOf(file, 'href') ?? '', bytes }]
  })
  return new Map(disks)
}

/** Of several items of one kind the last one counts; sections of deployment options are not known. */
function readItem(item: Node, hardware: Hardware): void {
  const [type, subType] = [Number(textAt(item, 'ResourceType')), textAt(item, 'ResourceSubType')]
  const quantity = Number(textAt(item, 'VirtualQuantity'))
  const addController = (kind: string) => hardware.controllers.set(textAt(item, 'InstanceID'), kind)
  const readers: Record<number, () => void> = {
    3: () => Object.assign(hardware, { cpus: quantity }),
    4: () => {
      const unit = memoryUnits[textAt(item, 'AllocationUnits')]
      if (unit === undefined) throw new ImportRefused(`Invalid allocation unit "${textAt(item, 'AllocationUnits')}"`)
      hardware.memoryMib = quantity * unit
    },
    5: () => addController('IDE'),
    6: () => addController(scsiController(subType)),
    10: () => hardware.adapters.push({ subType, connection: textAt(item, 'Connection') }),
    20: () => {
      const controller = storageControllers[subType.toLowerCase()]
      if (controller === undefined) throw new ImportRefused(`Other Storage Device of subtype "${subType}"`)
      addController(controller)
    },
  }
  const known = [14, 15, 17, 23, 35]
  const read = readers[type]
  if (read) read()
  else if (!known.includes(type) && attributeOf(item, 'required') !== 'false') {
    throw new ImportRefused(`Unknown resource type ${type} in hardware item`)
  }
}

/** Disks and CD drives: the controller has to be there for both, also for a drive that is not required. */
function attach(item: Node, hardware: Hardware, images: Map<string, DiskImage>): ImportedDisk[] {
  const parent = textAt(item, 'Parent')
  const controller = hardware.controllers.get(parent)
  if (controller === undefined) throw new ImportRefused(`Disk item specifies invalid parent "${parent}"`)
  const resource = textAt(item, 'HostResource')
  const [, id = ''] = /^(?:ovf:\/{1,2}|\/)disk\/(.*)$/.exec(resource) ?? []
  const image = images.get(id)
  if (image) return [{ ...image, attachedTo: `${controller} ${textAt(item, 'AddressOnParent')}` }]
  if (textAt(item, 'ResourceType') === '15') return []
  throw new ImportRefused(`Disk item specifies invalid host resource "${resource}"`)
}

async function takeFromStream(path: string, disks: ImportedDisk[]): Promise<void> {
  const stream = (await listMembers(path)).values()
  for (const { file } of disks.filter(each => each.file !== '')) {
    for (let skipped = 0; ; skipped += 1) {
      const { value: member } = stream.next()
      if (!member) throw new ImportRefused(`Unexpected end of OVA - missing '${file}' (skipped ${skipped})`)
      if (!isRegular(member)) throw new ImportRefused(`Malformed OVA. '${member.name}' is not a regular file`)
      if (member.name.toLowerCase() === file.toLowerCase()) break
    }
  }
}

export async function importByVirtualBox(path: string): Promise<ImportedMachine> {
  const root = parseDocument(await readDescriptor(path, await listMembers(path)))
  if (root.name !== 'Envelope') throw new ImportRefused("Root element in OVF file must be 'Envelope'")
  const images = readDiskImages(root)
  const system = childOf(root, 'VirtualSystem')
  const operatingSystem = childOf(system, 'OperatingSystemSection')
  const os = textAt(operatingSystem, 'OSType', namespaces.vbox) || guestOs(Number(attributeOf(operatingSystem, 'id')))
  const hardware: Hardware = { cpus: 1, memoryMib: 0, controllers: new Map(), adapters: [] }
  const items = childrenOf(childOf(system, 'VirtualHardwareSection'), 'Item')
  for (const item of items) readItem(item, hardware)
  const drives = items.filter(item => ['15', '17'].includes(textAt(item, 'ResourceType')))
  const disks = drives.flatMap(item => attach(item, hardware, images))
  await takeFromStream(path, disks)
  const nics = hardware.adapters.map(
    ({ subType, connection }): ImportedNic => ({ model: nicModel(subType, os), network: attachment(connection) }),
  )
  const { cpus, memoryMib } = hardware
  const name = attributeOf(system, 'id') || os
  // Firmware is never read from a descriptor: a new machine starts with BIOS.
  return { name, cpus, memoryMib, firmware: 'bios', guestOs: os, disks, nics, warnings: [] }
}
