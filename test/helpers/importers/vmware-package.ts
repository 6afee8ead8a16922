/** An OVA as VMware's importers look at it before they take it: archive, manifest, descriptor, disks. */
import { type ArchiveMember, endsWith, listMembers, readDiskHeader, readMember, readText } from './archive.ts'
import { digestDiskStream, digestStream } from './ovftool.ts'
import { attributeOf, type Node, parseDocument, select, textAt } from './xml.ts'

export interface PackageDisk {
  member: ArchiveMember | undefined
  fileName: string
  /** As the descriptor says it. */
  statedBytes: number
  header: { magic: string; version: number; capacityBytes: number; compression: number } | undefined
}

export interface Package {
  members: ArchiveMember[]
  root: Node
  items: Node[]
  hardware: Node | undefined
  manifest: string
  /** Digests as they are taken from the stream, by the members' names; undefined where that cannot be followed. */
  digests: Map<string, string | undefined>
  disks: PackageDisk[]
}

function parseUnits(text: string): number {
  const [, base = '1', exponent = '1'] = /^byte\s*\*\s*(\d+)\s*\^\s*(\d+)$/.exec(text) ?? []
  return Number(base) ** Number(exponent)
}

async function takeDigest(path: string, member: ArchiveMember): Promise<string | undefined> {
  const chunks = readMember(path, member)
  if (!endsWith(member, '.vmdk')) return digestStream(chunks)
  return digestDiskStream(chunks).then(
    ({ sha256 }) => sha256,
    () => undefined,
  )
}

function planDisks(root: Node, members: ArchiveMember[]): Omit<PackageDisk, 'header'>[] {
  const files = select(root, 'References', 'File')
  return select(root, 'DiskSection', 'Disk').map(disk => {
    const file = files.find(each => attributeOf(each, 'id') === attributeOf(disk, 'fileRef'))
    const fileName = attributeOf(file, 'href') ?? ''
    const units = parseUnits(attributeOf(disk, 'capacityAllocationUnits') ?? 'byte')
    const statedBytes = Number(attributeOf(disk, 'capacity')) * units
    return { fileName, statedBytes, member: members.find(({ name }) => name === fileName) }
  })
}

export async function loadPackage(path: string): Promise<Package> {
  const members = await listMembers(path)
  const text = async (ending: string) => {
    const member = members.find(each => endsWith(each, ending))
    return member ? readText(path, member) : ''
  }
  const root = parseDocument(await text('.ovf'))
  const [hardware] = select(root, 'VirtualSystem', 'VirtualHardwareSection')
  const digests = new Map<string, string | undefined>()
  for (const member of members) digests.set(member.name, await takeDigest(path, member))
  const disks: PackageDisk[] = []
  for (const disk of planDisks(root, members)) {
    disks.push({ ...disk, header: disk.member && (await readDiskHeader(path, disk.member)) })
  }
  const items = hardware?.children.filter(({ name }) => name === 'Item') ?? []
  return { members, root, items, hardware, manifest: await text('.mf'), digests, disks }
}

export const resourceType = (item: Node): number => Number(textAt(item, 'ResourceType'))
