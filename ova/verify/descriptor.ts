/** Checks a descriptor: XML, namespaces, and that its files and disks are those of the archive. */
import { diskFormat, namespaces } from '../descriptor.ts'
import { quote, type Report } from './check.ts'
import type { Member } from './tar.ts'
import { descendantsNamed, type ParsedElement, parseXml, XmlProblem } from './xml.ts'

export interface PromisedDisk {
  fileName: string
  capacityBytes: string | undefined
  populatedBytes: string | undefined
  offset: number
}

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

/** Each prefix is told of once. */
function checkPrefixes(element: ParsedElement, declared: Set<string>, report: Report): void {
  for (const name of [element.name, ...element.attributes.keys()]) {
    const [prefix = '', local] = name.split(':')
    if (local === undefined || declared.has(prefix)) continue
    report(element.offset, `${name} has a prefix that Envelope does not declare`, `xmlns:${prefix} there`)
    declared.add(prefix)
  }
  for (const child of element.children) checkPrefixes(child, declared, report)
}

export function checkNamespaces(root: ParsedElement, report: Report): void {
  if (root.name !== 'Envelope') report(root.offset, `the root element is ${root.name}`, 'Envelope')
  for (const [attribute, uri] of Object.entries(namespaces)) {
    const found = root.attributes.get(attribute)
    if (found !== uri) report(root.offset, `${attribute} is ${quote(found ?? 'absent')}`, uri)
  }
  const declared = [...root.attributes.keys()].filter(name => name.startsWith('xmlns:'))
  checkPrefixes(root, new Set(['xmlns', ...declared.map(name => name.slice('xmlns:'.length))]), report)
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
    report(file.offset, `ovf:size of ${quote(href)} is ${quote(size ?? 'absent')}`, `${disk.bytes}, the member's size`)
  }
}

function checkDisk(disk: ParsedElement, report: Report): void {
  const expected = { 'ovf:format': diskFormat, 'ovf:capacityAllocationUnits': 'byte' }
  for (const [attribute, value] of Object.entries(expected)) {
    const found = disk.attributes.get(attribute)
    if (found !== value) report(disk.offset, `${attribute} is ${quote(found ?? 'absent')}`, value)
  }
}

function checkUnique(elements: ParsedElement[], attribute: string, report: Report): void {
  const seen = new Set<string>()
  for (const { attributes, offset } of elements) {
    const value = attributes.get(attribute) ?? ''
    if (seen.has(value)) report(offset, `${attribute} ${quote(value)} is there twice`, 'every one once')
    seen.add(value)
  }
}

/** `disks` are the archive's members from the first disk on, which the references must name in this order. */
export function checkDisks(root: ParsedElement, disks: Member[], report: Report): PromisedDisk[] {
  const files = descendantsNamed(root, 'File')
  checkUnique(files, 'ovf:id', report)
  checkUnique(descendantsNamed(root, 'Disk'), 'ovf:diskId', report)
  checkUnique(descendantsNamed(root, 'Disk'), 'ovf:fileRef', report)
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
