/** Checks how a descriptor names its machine, its operating system and the age of its hardware. */
import { quote, type Report } from './check.ts'
import { childrenNamed, descendantsNamed, type ParsedElement } from './xml.ts'

const hostName = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/
/** From ESXi 6.5 to what VMware's desktop products of those years take: newer ones refuse older hosts. */
const hardwareVersions = ['vmx-13', 'vmx-14', 'vmx-15']
/** CIM numbers of 64-bit Linux: Ubuntu, Debian, 2.6 and later, any. Proxmox VE takes 102 for another system than Linux. */
const operatingSystems = ['94', '96', '100', '101']

function checkNames(system: ParsedElement, report: Report): void {
  const id = system.attributes.get('ovf:id')
  const [nameElement] = childrenNamed(system, 'Name')
  const name = nameElement?.text
  if (id === undefined || id !== name) {
    const problem = `the machine is ${quote(id ?? 'nameless')} by id and ${quote(name ?? 'nameless')} by name`
    report(system.offset, problem, 'one name, for some importers read the one and some the other')
  } else if (!hostName.test(id)) {
    report(system.offset, `the machine's name ${quote(id)} is no host name`, 'lower-case letters, digits, inner dashes')
  }
}

/** The only element of this name, however many there are. */
function findOnly(root: ParsedElement, name: string, report: Report): ParsedElement | undefined {
  const found = descendantsNamed(root, name)
  if (found.length !== 1) report((found[1] ?? root).offset, `${found.length} elements ${name}`, 'one')
  return found[0]
}

function checkOperatingSystem(root: ParsedElement, report: Report): void {
  const section = findOnly(root, 'OperatingSystemSection', report)
  const id = section?.attributes.get('ovf:id')
  if (section && !operatingSystems.includes(id ?? '')) {
    report(section.offset, `operating system ${quote(id ?? 'absent')}`, `one of ${operatingSystems.join(', ')}`)
  }
  const vsphere = section?.attributes.get('vmw:osType')
  if (section && vsphere !== undefined && !/^[a-z0-9]+_?64Guest$/i.test(vsphere)) {
    report(section.offset, `vmw:osType is ${quote(vsphere)}`, 'the name of a 64-bit guest')
  }
}

export function checkSystem(root: ParsedElement, report: Report): void {
  const system = findOnly(root, 'VirtualSystem', report)
  if (system) checkNames(system, report)
  checkOperatingSystem(root, report)
  findOnly(root, 'VirtualHardwareSection', report)
  const family = findOnly(root, 'vssd:VirtualSystemType', report)
  if (family && !hardwareVersions.includes(family.text)) {
    report(family.offset, `hardware version ${quote(family.text)}`, `one of ${hardwareVersions.join(', ')}`)
  }
  const products = descendantsNamed(root, 'ProductSection')
  const last = products.at(-1)
  if (!last) report(root.offset, 'there is no ProductSection', 'one that names the product')
  // VirtualBox keeps what the last section says.
  else if (['Product', 'Vendor', 'Version'].some(name => childrenNamed(last, name).length === 0)) {
    report(last.offset, 'the last ProductSection does not name the product', 'Product, Vendor and Version')
  }
}
