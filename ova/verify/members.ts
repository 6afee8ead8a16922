/** Checks which members an OVA has, how they are named and in which order they stand. */
import { quote, type Report } from './check.ts'
import type { Member } from './tar.ts'

const flatName = /^[A-Za-z0-9][A-Za-z0-9._-]*$/

function checkNames(members: Member[], report: Report): void {
  const seen = new Set<string>()
  for (const { name, headerOffset } of members) {
    if (!flatName.test(name))
      report(headerOffset, `member name ${quote(name)}`, 'letters, digits, dots and dashes, no folder')
    // VirtualBox compares names without regard to case.
    if (seen.has(name.toLowerCase())) report(headerOffset, `${quote(name)} is there twice`, 'every name once')
    seen.add(name.toLowerCase())
  }
}

/** Importers read the archive as a stream: what they need first must come first. */
export function checkMembers(members: Member[], report: Report): void {
  checkNames(members, report)
  const [ovf, mf, ...rest] = members
  if (!ovf?.name.endsWith('.ovf')) {
    report(ovf?.headerOffset ?? 0, `the first member is ${quote(ovf?.name ?? 'absent')}`, 'the .ovf descriptor')
    return
  }
  const manifestName = ovf.name.replace(/ovf$/, 'mf')
  if (mf?.name !== manifestName) {
    report(mf?.headerOffset ?? 0, `the second member is ${quote(mf?.name ?? 'absent')}`, manifestName)
  }
  const certificateName = ovf.name.replace(/ovf$/, 'cert')
  const disks = rest.filter(({ name }, at) => !(at === 0 && name === certificateName))
  if (disks.length === 0) report(0, 'there is no disk', 'a .vmdk behind the manifest')
  for (const { name, headerOffset } of disks) {
    if (!name.endsWith('.vmdk')) report(headerOffset, `${quote(name)} stands among the disks`, 'only .vmdk files')
  }
}
