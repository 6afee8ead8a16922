/** Renders the .ovf: one descriptor for VMware, VirtualBox and Proxmox VE, from facts alone. */
import { createItems, createVmwareSettings, diskId, type HardwareFacts, networkName } from './hardware.ts'
import { createProductSections } from './product-sections.ts'
import type { ApplianceProperty } from './properties.ts'
import { element, renderXml, type XmlElement } from './xml.ts'

export interface DescriptorFacts extends HardwareFacts {
  /** Name of the virtual machine, and its host name by default: lower-case letters, digits and dashes. */
  name: string
  version: string
  /** What the deployer is asked: only what the machine reads. */
  properties?: readonly ApplianceProperty[]
  disk: DiskFacts
}

export interface DiskFacts {
  fileName: string
  /** Size of the VMDK file. */
  fileBytes: number
  /** Size of the disk that the machine sees. */
  capacityBytes: number
  populatedBytes: number
}

export const namespaces = {
  xmlns: 'http://schemas.dmtf.org/ovf/envelope/1',
  'xmlns:ovf': 'http://schemas.dmtf.org/ovf/envelope/1',
  'xmlns:rasd': 'http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_ResourceAllocationSettingData',
  'xmlns:vssd': 'http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_VirtualSystemSettingData',
  'xmlns:vmw': 'http://www.vmware.com/schema/ovf',
  'xmlns:vbox': 'http://www.virtualbox.org/ovf/machine',
}
export const diskFormat = 'http://www.vmware.com/interfaces/specifications/vmdk.html#streamOptimized'

/** Hardware version 14 starts on ESXi 6.7 and everything newer. */
const virtualSystemType = 'vmx-14'
const fileId = 'file1'
const transport = 'com.vmware.guestInfo'
/** CIM number of Debian, 64 bit. The vSphere name is one that older hosts know too. */
const operatingSystem = { cim: '96', vsphere: 'debian11_64Guest', virtualBox: 'Debian_64' }

const info = (text: string) => element('Info', {}, text)

function createDiskSections({ fileName, fileBytes, capacityBytes, populatedBytes }: DiskFacts): XmlElement[] {
  const file = { 'ovf:href': fileName, 'ovf:id': fileId, 'ovf:size': String(fileBytes) }
  const disk = {
    'ovf:capacity': String(capacityBytes),
    'ovf:capacityAllocationUnits': 'byte',
    'ovf:diskId': diskId,
    'ovf:fileRef': fileId,
    'ovf:format': diskFormat,
    'ovf:populatedSize': String(populatedBytes),
  }
  return [
    element('References', {}, [element('File', file)]),
    element('DiskSection', {}, [info('Virtual disks'), element('Disk', disk)]),
  ]
}

function createNetworkSection(): XmlElement {
  const description = element('Description', {}, 'The network that callers of the functions reach')
  return element('NetworkSection', {}, [
    info('Logical networks'),
    element('Network', { 'ovf:name': networkName }, [description]),
  ])
}

function renderAnnotation(version: string): string {
  const what = `Dispatch Solo ${version}: functions, images, secrets and APIs on one machine.`
  return `${what} First boot: power on and watch the console. Docker and the Dispatch server start by themselves.`
}

function createHardwareSection(facts: DescriptorFacts): XmlElement {
  const system = element('System', {}, [
    element('vssd:ElementName', {}, 'Virtual Hardware Family'),
    element('vssd:InstanceID', {}, '0'),
    element('vssd:VirtualSystemIdentifier', {}, facts.name),
    element('vssd:VirtualSystemType', {}, virtualSystemType),
  ])
  const content = [info('Virtual hardware'), system, ...createItems(facts), ...createVmwareSettings()]
  // Without a transport no property would reach the guest.
  const hasProperties = facts.properties !== undefined && facts.properties.length > 0
  return element('VirtualHardwareSection', hasProperties ? { 'ovf:transport': transport } : {}, content)
}

function createVirtualSystem(facts: DescriptorFacts): XmlElement {
  const { cim, vsphere, virtualBox } = operatingSystem
  return element('VirtualSystem', { 'ovf:id': facts.name }, [
    info('A virtual machine'),
    element('Name', {}, facts.name),
    element('AnnotationSection', {}, [
      info('About this machine'),
      element('Annotation', {}, renderAnnotation(facts.version)),
    ]),
    ...createProductSections(facts.version, facts.properties ?? []),
    element('OperatingSystemSection', { 'ovf:id': cim, 'vmw:osType': vsphere }, [
      info('The guest operating system'),
      element('vbox:OSType', { 'ovf:required': 'false' }, virtualBox),
    ]),
    createHardwareSection(facts),
  ])
}

function checkFacts(facts: DescriptorFacts): void {
  if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(facts.name)) {
    throw new Error(
      `"${facts.name}" cannot name a machine: use lower-case letters, digits and inner dashes, 63 at most`,
    )
  }
  const { fileBytes, capacityBytes, populatedBytes } = facts.disk
  const numbers = { cpus: facts.cpus, memoryMib: facts.memoryMib, fileBytes, capacityBytes }
  for (const [key, value] of Object.entries({ ...numbers, populatedBytes: populatedBytes + 1 })) {
    if (!Number.isSafeInteger(value) || value <= 0) {
      throw new Error(`${key} = ${value} cannot stand in a descriptor: give a whole number above zero`)
    }
  }
}

/** Throws when the name or a number would make a descriptor that an importer refuses. */
export function renderDescriptor(facts: DescriptorFacts): string {
  checkFacts(facts)
  const content = [...createDiskSections(facts.disk), createNetworkSection(), createVirtualSystem(facts)]
  return renderXml(element('Envelope', namespaces, content))
}
