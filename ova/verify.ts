/** Reopens an .ova and checks every claim that it makes about itself, with memory that does not grow with its size. */
import { open } from 'node:fs/promises'
import { basename } from 'node:path'
import { digestFile } from './digest.ts'
import { type ByteWindow, createByteWindow } from './verify/byte-window.ts'
import { checkCertificate } from './verify/certificate.ts'
import { type Check, createCheck, quote, type Report, reportTo } from './verify/check.ts'
import { checkDisks, checkNamespaces, type PromisedDisk, parseDescriptor } from './verify/descriptor.ts'
import { checkHardware } from './verify/hardware.ts'
import { checkManifest, type PromisedDigest } from './verify/manifest.ts'
import { checkMembers } from './verify/members.ts'
import { checkProperties } from './verify/properties.ts'
import { checkShape } from './verify/shape.ts'
import { checkSystem } from './verify/system.ts'
import { type Member, readMembers } from './verify/tar.ts'
import { type VerifiedVmdk, verifyVmdk } from './verify/vmdk.ts'

interface Ova {
  path: string
  members: Member[]
  window(part: { offset: number; bytes: number }): ByteWindow
}

/** Descriptor and manifest are a few KiB; what is larger is not read. */
const maxTextBytes = 1024 * 1024

async function readText(ova: Ova, member: Member, check: Check): Promise<string | undefined> {
  if (member.bytes > maxTextBytes) {
    reportTo(check, member.name)(0, `${member.bytes} bytes of text`, `at most ${maxTextBytes}`)
    return undefined
  }
  return Buffer.from(await ova.window(member).read(0, member.bytes)).toString('latin1')
}

const isListed = ({ name }: Member) => !name.endsWith('.mf') && !name.endsWith('.cert')
const isDisk = (member: Member) => isListed(member) && !member.name.endsWith('.ovf')

async function verifyDigests(ova: Ova, manifest: Member, promised: PromisedDigest[]): Promise<Check> {
  const check = createCheck('every digest of the manifest is that of its member')
  for (const { name, sha256, lineOffset } of promised) {
    const member = ova.members.find(other => other.name === name)
    const found = member && (await digestFile(ova.path, member))
    if (found === sha256) continue
    reportTo(check, manifest.name)(lineOffset, `SHA256(${name})= ${sha256} is not its digest`, String(found))
  }
  return check
}

async function verifyCertificate(ova: Ova, manifestText: string): Promise<Check[]> {
  const member = ova.members.find(({ name }) => name.endsWith('.cert'))
  if (!member) return []
  const check = createCheck('the certificate signs the manifest')
  const text = await readText(ova, member, check)
  if (text !== undefined) checkCertificate(text, { member, manifestText }, reportTo(check, member.name))
  return [check]
}

async function verifyManifest(ova: Ova): Promise<Check[]> {
  const check = createCheck('the manifest lists every member as SHA256(name)= hex')
  const manifest = ova.members.find(({ name }) => name.endsWith('.mf'))
  const text = manifest && (await readText(ova, manifest, check))
  if (!manifest || text === undefined) {
    reportTo(check, basename(ova.path))(0, 'there is no manifest to read', 'an .mf behind the .ovf')
    return [check]
  }
  const promised = checkManifest(text, ova.members.filter(isListed), reportTo(check, manifest.name))
  return [check, await verifyDigests(ova, manifest, promised), ...(await verifyCertificate(ova, text))]
}

/** What the descriptor must be by itself, whatever else is in the archive. */
const descriptorRules = [
  { claim: 'the descriptor follows the OVF schema: elements, their order, attributes', check: checkShape },
  { claim: 'machine, operating system and hardware version are known to every importer', check: checkSystem },
  { claim: 'the hardware is the subset that every importer takes', check: checkHardware },
  { claim: 'the properties can be left as they are, and reach the guest', check: checkProperties },
]

interface VerifiedDescriptor {
  checks: Check[]
  name: string
  /** Unknown when the descriptor cannot be parsed. */
  disks?: PromisedDisk[]
}

async function verifyDescriptor(ova: Ova): Promise<VerifiedDescriptor> {
  const form = createCheck('the descriptor is plain XML in the namespaces of OVF 1')
  const member = ova.members.find(({ name }) => name.endsWith('.ovf'))
  const name = member?.name ?? basename(ova.path)
  const text = member && (await readText(ova, member, form))
  if (!member) reportTo(form, name)(0, 'there is no descriptor', 'an .ovf as first member')
  const root = text === undefined ? undefined : parseDescriptor(text, reportTo(form, name))
  if (!root) return { checks: [form], name }
  checkNamespaces(root, reportTo(form, name))
  const rules = descriptorRules.map(({ claim, check }) => {
    const result = createCheck(claim)
    check(root, reportTo(result, name))
    return result
  })
  const disks = createCheck('file references and disks are those of the archive')
  const promised = checkDisks(root, ova.members.filter(isDisk), reportTo(disks, name))
  return { checks: [form, ...rules, disks], name, disks: promised }
}

/** Compares what the descriptor says of a disk with the disk. */
function comparePromise(disk: VerifiedVmdk, member: Member, promise: PromisedDisk | undefined, report: Report): void {
  if (!promise) {
    report(0, `no Disk says the capacity of ${quote(member.name)}`, 'a Disk that refers to it')
    return
  }
  const { capacityBytes, populatedBytes, offset } = promise
  if (disk.capacityBytes !== undefined && capacityBytes !== String(disk.capacityBytes)) {
    report(
      offset,
      `ovf:capacity is ${capacityBytes}`,
      `${disk.capacityBytes}, the capacity in the header of ${member.name}`,
    )
  }
  if (disk.populatedBytes !== undefined && populatedBytes !== String(disk.populatedBytes)) {
    report(offset, `ovf:populatedSize is ${populatedBytes}`, `${disk.populatedBytes}, the grains in ${member.name}`)
  }
}

async function verifyDisks(ova: Ova, descriptor: VerifiedDescriptor): Promise<Check[]> {
  const sizes = createCheck('capacity and populated size in the descriptor are those of the disk')
  const members = ova.members.filter(isDisk)
  const checks: Check[] = descriptor.disks && members.length > 0 ? [sizes] : []
  for (const member of members) {
    const disk = await verifyVmdk(ova.window(member), member.name)
    checks.push(...disk.checks)
    const promise = descriptor.disks?.find(({ fileName }) => fileName === member.name)
    comparePromise(disk, member, promise, reportTo(sizes, descriptor.name))
  }
  return checks
}

/**
 * Every check in the order of the file; one without findings holds. What cannot be reached because something before it
 * is broken is left out. Throws only when the file cannot be read.
 */
export async function verifyOva(path: string): Promise<Check[]> {
  const file = await open(path, 'r')
  try {
    const archive = createCheck('the archive is plain USTAR, owner 0:0, mode 0644, one time')
    const names = createCheck('the members are .ovf, .mf and disks, with flat and unique names')
    const window = (part: { offset: number; bytes: number }) => createByteWindow(file, part)
    const whole = window({ offset: 0, bytes: (await file.stat()).size })
    const members = await readMembers(whole, reportTo(archive, basename(path)))
    checkMembers(members, reportTo(names, basename(path)))
    const ova = { path, members, window }
    const manifest = await verifyManifest(ova)
    const descriptor = await verifyDescriptor(ova)
    return [archive, names, ...manifest, ...descriptor.checks, ...(await verifyDisks(ova, descriptor))]
  } finally {
    await file.close()
  }
}
