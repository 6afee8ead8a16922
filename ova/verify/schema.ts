/**
 * The part of the OVF schema (DSP8023 1.1) that our descriptors use, as content models like those of a DTD: elements in
 * their order, `?` for none or one, `*` for any number, `+` for one or more, `(a|b)` for either. What stands nowhere
 * here is refused: compressed and split files, disks without a file or on top of others, choices of configurations,
 * other kinds of items, and sections that not every importer knows.
 */
import { namespaces } from '../descriptor.ts'

export interface Shape {
  /** Names of attributes; with `?` they may be absent. */
  attributes?: string
  /** Absent: text, and no elements. */
  content?: string
}

/** Stands for elements of other namespaces, which an importer that does not know them must be able to skip. */
export const extension = 'extension'

const resourceFields = `Address? AddressOnParent? AllocationUnits? AutomaticAllocation? AutomaticDeallocation? Caption?
  Connection? ConsumerVisibility? Description? ElementName HostResource? InstanceID Limit? MappingBehavior?
  OtherResourceType? Parent? PoolID? Reservation? ResourceSubType? ResourceType VirtualQuantity? VirtualQuantityUnits?
  Weight?`
const prefixed = (prefix: string, names: string) => names.replace(/\w+\??/g, name => `${prefix}:${name}`)

export const schema: Readonly<Record<string, Shape>> = {
  Envelope: {
    attributes: Object.keys(namespaces)
      .map(name => `${name}?`)
      .join(' '),
    content: 'References DiskSection NetworkSection VirtualSystem',
  },
  References: { content: 'File+' },
  File: { attributes: 'ovf:href ovf:id ovf:size', content: '' },
  DiskSection: { content: 'Info Disk+' },
  Disk: {
    attributes: 'ovf:capacity ovf:capacityAllocationUnits ovf:diskId ovf:fileRef ovf:format ovf:populatedSize',
    content: '',
  },
  NetworkSection: { content: 'Info Network*' },
  Network: { attributes: 'ovf:name', content: 'Description?' },
  VirtualSystem: {
    attributes: 'ovf:id',
    content: 'Info Name (AnnotationSection|ProductSection|EulaSection|OperatingSystemSection|VirtualHardwareSection)+',
  },
  AnnotationSection: { content: 'Info Annotation' },
  EulaSection: { content: 'Info License' },
  ProductSection: {
    attributes: 'ovf:class? ovf:instance?',
    content: 'Info Product? Vendor? Version? FullVersion? ProductUrl? VendorUrl? AppUrl? (Category|Property)*',
  },
  Property: {
    attributes: 'ovf:key ovf:type ovf:value? ovf:userConfigurable? ovf:qualifiers? ovf:password?',
    content: 'Label? Description?',
  },
  OperatingSystemSection: { attributes: 'ovf:id ovf:version? vmw:osType', content: `Info Description? ${extension}*` },
  VirtualHardwareSection: { attributes: 'ovf:transport?', content: `Info System Item+ ${extension}*` },
  System: {
    content: prefixed(
      'vssd',
      'Caption? Description? ElementName InstanceID VirtualSystemIdentifier? VirtualSystemType',
    ),
  },
  Item: { attributes: 'ovf:required?', content: prefixed('rasd', resourceFields) },
}

/** Whether an element belongs to a namespace of somebody else than DMTF. */
export const isExtension = (name: string): boolean => /^(vmw|vbox):/.test(name)
