/** Checks a descriptor: XML, the order of its sections, and that its names and numbers are those of the archive. */
import { diskFormat, namespaces } from '../descriptor.ts'
import { quote, type Report } from './check.ts'
import type { Member } from './tar.ts'
import { childrenNamed, descendantsNamed, type ParsedElement, parseXml, XmlProblem } from './xml.ts'

export interface PromisedDisk {
  fileName: string
  capacityBytes: string | undefined
  populatedBytes: string | undefined
  offset: number
}

const sectionOrder = ['References', 'DiskSection', 'NetworkSection', 'VirtualSystem']

/** Undefined when it is not XML of the subset. */
export function parseDescriptor(text: string, report: Report): ParsedElement | undefined {
  try {
    return parseXml(text)
  } catch (thrown) {
    if (!(thrown instanceof XmlProblem)) throw thrown
    report(
      thrown.offset,
      `not well-formed, or more than a descriptor needs: ${thrown.message}`,
      'plain elements and text',
    )
    return undefined
  }
}

function checkPrefixes(element: ParsedElement, root: ParsedElement, report: Report): void {
  for (const name of [element.name, ...element.attributes.keys()]) {
    const [prefix, local] = name.split(':')
    if (local === undefined || prefix === 'xmlns' || root.attributes.has(`xmlns:${prefix}`)) continue
    report(element.offset, `${name} has a prefix that Envelope does not declare`, `xmlns:${prefix} there`)
  }
  for (const child of element.children) checkPrefixes(child, root, report)
}

function checkNames(root: ParsedElement, report: Report): void {
  const [system] = childrenNamed(root, 'VirtualSystem')
  const id = system?.attributes.get('ovf:id')
  const [nameElement] = childrenNamed(system, 'Name')
  if (system && (id === undefined || id !== nameElement?.text)) {
    const problem = `the machine is ${quote(id ?? 'nameless')} by id and ${quote(nameElement?.text ?? 'nameless')} by name`
    report(system.offset, problem, 'one name, for some importers read the one and some the other')
  }
}

export function checkStructure(root: ParsedElement, report: Report): void {
  if (root.name !== 'Envelope') report(root.offset, `the root element is ${root.name}`, 'Envelope')
  for (const [attribute, uri] of Object.entries(namespaces)) {
    const found = root.attributes.get(attribute)
    if (found !== uri) report(root.offset, `${attribute} is ${quote(found ?? 'absent')}`, uri)
  }
  checkPrefixes(root, root, report)
  const sections = root.children.map(child => child.name)
  if (sections.join() !== sectionOrder.join()) {
    report(root.offset, `the sections are ${quote(sections.join(', '))}`, sectionOrder.join(', '))
  }
  checkNames(root, report)
}

function checkFile(file: ParsedElement, disk: Member | undefined, report: Report): void {
  const href = file.attributes.get('ovf:href') ?? ''
  const size = file.attributes.get('ovf:size')
  if (disk?.name !== href) {
    report(
      file.offset,
      `file reference ${quote(href)} stands where the archive has another`,
      disk?.name ?? 'no reference',
    )
  } else if (size !== String(disk.bytes)) {
    report(file.offset, `ovf:size of ${quote(href)} is ${size}`, `${disk.bytes}, the member's size`)
  }
}

function checkDisk(disk: ParsedElement, report: Report): void {
  const expected = { 'ovf:format': diskFormat, 'ovf:capacityAllocationUnits': 'byte' }
  for (const [attribute, value] of Object.entries(expected)) {
    const found = disk.attributes.get(attribute)
    if (found !== value) report(disk.offset, `${attribute} is ${quote(found ?? 'absent')}`, value)
  }
}

/** `disks` are the archive's members from the first disk on, which the references must name in this order. */
export function checkDisks(root: ParsedElement, disks: Member[], report: Report): PromisedDisk[] {
  const files = descendantsNamed(root, 'File')
  for (const [at, file] of files.entries()) checkFile(file, disks[at], report)
  for (const { name } of disks.slice(files.length))
    report(root.offset, `${quote(name)} is not referenced`, 'a File for it')
  return descendantsNamed(root, 'Disk').flatMap(disk => {
    checkDisk(disk, report)
    const file = files.find(({ attributes }) => attributes.get('ovf:id') === disk.attributes.get('ovf:fileRef'))
    const fileName = file?.attributes.get('ovf:href')
    if (fileName === undefined) report(disk.offset, 'ovf:fileRef leads to no File', 'the id of one')
    const capacityBytes = disk.attributes.get('ovf:capacity')
    const populatedBytes = disk.attributes.get('ovf:populatedSize')
    return fileName === undefined ? [] : [{ fileName, capacityBytes, populatedBytes, offset: disk.offset }]
  })
}
