/** Checks the virtual hardware of a descriptor: the numbers, units and references that importers stumble over. */
import { quote, type Report } from './check.ts'
import { childrenNamed, descendantsNamed, type ParsedElement } from './xml.ts'

interface Kind {
  what: string
  /** Exactly as importers compare them. */
  units?: string
  subTypes?: string[]
  /** Fields that an item of this kind cannot do without. */
  needs?: string[]
}

/** VirtualBox stops at any other item that is not marked as one to skip. */
const kinds: Readonly<Record<string, Kind>> = {
  '3': { what: 'CPU', units: 'hertz * 10^6', needs: ['VirtualQuantity'] },
  '4': { what: 'memory', units: 'byte * 2^20', needs: ['VirtualQuantity'] },
  '5': { what: 'IDE', needs: ['Address'] },
  '6': { what: 'SCSI', subTypes: ['lsilogic', 'lsilogicsas', 'VirtualSCSI', 'buslogic'], needs: ['Address'] },
  '10': { what: 'network adapter', subTypes: ['VmxNet3', 'E1000', 'E1000e'], needs: ['Connection'] },
  '15': { what: 'CD', needs: ['AddressOnParent', 'Parent'] },
  '17': { what: 'disk', needs: ['AddressOnParent', 'HostResource', 'Parent'] },
  '20': { what: 'SATA', subTypes: ['AHCI', 'vmware.sata.ahci'], needs: ['Address'] },
}
const controllers = ['5', '6', '20']
const numberFields = ['AddressOnParent', 'InstanceID', 'ResourceType', 'VirtualQuantity']

const fieldOf = (item: ParsedElement, name: string) => childrenNamed(item, `rasd:${name}`)[0]?.text

function checkKind(item: ParsedElement, { what, units, subTypes, needs = [] }: Kind, report: Report): void {
  const unit = fieldOf(item, 'AllocationUnits')
  if (units && unit !== units) report(item.offset, `${what} in units of ${quote(unit ?? 'nothing')}`, units)
  const subType = fieldOf(item, 'ResourceSubType')
  if (subTypes && !subTypes.includes(subType ?? '')) {
    report(item.offset, `${what} of the kind ${quote(subType ?? 'absent')}`, `one of ${subTypes.join(', ')}`)
  }
  for (const name of needs) {
    if (fieldOf(item, name) === undefined) report(item.offset, `${what} without ${name}`, 'one')
  }
}

function checkItem(item: ParsedElement, report: Report): void {
  const type = fieldOf(item, 'ResourceType') ?? 'absent'
  const kind = kinds[type]
  const required = item.attributes.get('ovf:required')
  if (kind) checkKind(item, kind, report)
  else if (required !== 'false') {
    report(item.offset, `resource type ${quote(type)} is not known to every importer`, 'ovf:required="false"')
  }
  if (required !== undefined && required !== 'true' && required !== 'false') {
    report(item.offset, `ovf:required is ${quote(required)}`, 'true or false')
  }
  for (const name of numberFields) {
    const value = fieldOf(item, name)
    if (value !== undefined && !/^\d{1,9}$/.test(value)) report(item.offset, `${name} is ${quote(value)}`, 'a number')
  }
}

function checkReferences(items: ParsedElement[], root: ParsedElement, report: Report): void {
  const ids = items.map(item => fieldOf(item, 'InstanceID'))
  const parents = items
    .filter(item => controllers.includes(fieldOf(item, 'ResourceType') ?? ''))
    .map(item => fieldOf(item, 'InstanceID'))
  const diskPaths = descendantsNamed(root, 'Disk').map(disk => `ovf:/disk/${disk.attributes.get('ovf:diskId')}`)
  const networks = descendantsNamed(root, 'Network').map(network => network.attributes.get('ovf:name'))
  const check = (item: ParsedElement, name: string, allowed: (string | undefined)[]) => {
    const value = fieldOf(item, name)
    if (value === undefined || allowed.includes(value)) return
    report(item.offset, `${name} ${quote(value)} leads nowhere`, `one of ${quote(allowed.join(', '))}`)
  }
  for (const item of items) {
    const id = fieldOf(item, 'InstanceID')
    if (id === undefined || ids.filter(other => other === id).length > 1) {
      report(item.offset, `InstanceID ${quote(id ?? 'absent')} is missing or there twice`, 'every item its own')
    }
    check(item, 'Parent', parents)
    check(item, 'HostResource', diskPaths)
    check(item, 'Connection', networks)
  }
  const used = items.map(item => fieldOf(item, 'HostResource'))
  for (const path of diskPaths) {
    if (!used.includes(path)) report(0, `no item uses the disk ${quote(path)}`, 'a disk item with this HostResource')
  }
}

export function checkHardware(root: ParsedElement, report: Report): void {
  const items = descendantsNamed(root, 'Item')
  for (const item of items) checkItem(item, report)
  checkReferences(items, root, report)
  for (const [type, what] of [['3', 'CPU'] as const, ['4', 'memory'] as const]) {
    const count = items.filter(item => fieldOf(item, 'ResourceType') === type).length
    // Of several sizes VirtualBox takes the last one, and Proxmox VE joins their digits.
    if (count !== 1) report(root.offset, `${count} items of ${what}`, 'one')
  }
  for (const extra of descendantsNamed(root, 'vmw:ExtraConfig')) {
    report(extra.offset, 'vmw:ExtraConfig makes vCenter warn of a security risk', 'none')
  }
}
