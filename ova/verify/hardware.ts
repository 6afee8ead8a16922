/** Checks the virtual hardware of a descriptor: the order, numbers and references that importers stumble over. */
import { quote, type Report } from './check.ts'
import { childrenNamed, descendantsNamed, type ParsedElement } from './xml.ts'

/** CPU, memory, IDE, SCSI, NIC, CD, disk and SATA: VirtualBox stops at any other item that is not marked. */
const knownResourceTypes = new Set(['3', '4', '5', '6', '10', '15', '17', '20'])

const fieldOf = (item: ParsedElement, name: string) => childrenNamed(item, `rasd:${name}`)[0]?.text

function checkItem(item: ParsedElement, report: Report): void {
  const names = item.children.map(child => child.name)
  const sorted = [...names].sort()
  const misplaced = names.findIndex((name, at) => sorted[at] !== name)
  if (misplaced >= 0)
    report(item.offset, `${names[misplaced]} stands out of order`, `alphabetical: ${sorted.join(', ')}`)
  const type = fieldOf(item, 'ResourceType')
  if (!knownResourceTypes.has(type ?? '') && item.attributes.get('ovf:required') !== 'false') {
    report(item.offset, `resource type ${type} is not known to every importer`, 'ovf:required="false"')
  }
  if (type === '4' && fieldOf(item, 'AllocationUnits') !== 'byte * 2^20') {
    report(item.offset, `memory in units of ${fieldOf(item, 'AllocationUnits')}`, 'byte * 2^20')
  }
}

function checkReferences(items: ParsedElement[], root: ParsedElement, report: Report): void {
  const ids = items.map(item => fieldOf(item, 'InstanceID'))
  const diskPaths = descendantsNamed(root, 'Disk').map(disk => `ovf:/disk/${disk.attributes.get('ovf:diskId')}`)
  const networks = descendantsNamed(root, 'Network').map(network => network.attributes.get('ovf:name'))
  const check = (item: ParsedElement, name: string, allowed: (string | undefined)[]) => {
    const value = fieldOf(item, name)
    if (value === undefined || allowed.includes(value)) return
    report(item.offset, `${name} ${quote(value)} leads nowhere`, `one of ${allowed.join(', ')}`)
  }
  for (const item of items) {
    const id = fieldOf(item, 'InstanceID')
    if (id === undefined || ids.filter(other => other === id).length > 1) {
      report(item.offset, `InstanceID ${id} is missing or there twice`, 'every item its own')
    }
    check(item, 'Parent', ids)
    check(item, 'HostResource', diskPaths)
    check(item, 'Connection', networks)
  }
  const used = items.map(item => fieldOf(item, 'HostResource'))
  for (const path of diskPaths) {
    if (!used.includes(path)) report(0, `no item uses the disk ${path}`, 'a disk item with this HostResource')
  }
}

export function checkHardware(root: ParsedElement, report: Report): void {
  const items = descendantsNamed(root, 'Item')
  for (const item of items) checkItem(item, report)
  checkReferences(items, root, report)
  for (const extra of descendantsNamed(root, 'vmw:ExtraConfig')) {
    report(extra.offset, 'vmw:ExtraConfig makes vCenter warn of a security risk', 'none')
  }
  for (const config of descendantsNamed(root, 'vmw:Config')) {
    if (config.attributes.get('ovf:required') !== 'false') {
      report(config.offset, `vmw:Config ${config.attributes.get('vmw:key')} is required`, 'ovf:required="false"')
    }
  }
}
