/** Descriptors whose hardware some importer takes for something else, or refuses. */
import { replaced, type Spoiled } from '../support/spoil.ts'

const found = (problem: string) => `hardware is the subset | sample.ovf@* | ${problem}`

export const hardwares: Spoiled[] = [
  {
    name: 'rasd children out of order',
    spoil: replaced(/(<rasd:Address>0<.*>)\s*(<rasd:ElementName>SCSI controller 0<.*>)/, '$2$1'),
    findings: ['OVF schema | sample.ovf@* | Item: "rasd:Address" stands out of order'],
  },
  {
    name: 'an item of OVF 2',
    spoil: replaced('<Item ovf:required="false">', '<StorageItem/><Item ovf:required="false">'),
    findings: ['OVF schema | sample.ovf@* | VirtualHardwareSection: "StorageItem" stands out of order or is not known'],
  },
  {
    name: 'an exotic item that is required',
    spoil: replaced('<Item ovf:required="false">', '<Item>'),
    findings: [found('resource type "24" is not known to every importer')],
  },
  {
    name: 'required, but neither true nor false',
    spoil: replaced('<Item>', '<Item ovf:required="maybe">'),
    findings: [found('ovf:required is "maybe"')],
  },
  {
    name: 'an item for one of several configurations',
    spoil: replaced('<Item>', '<Item ovf:configuration="small">'),
    findings: ['OVF schema | sample.ovf@* | Item has an attribute "ovf:configuration"'],
  },
  {
    name: 'an InstanceID twice',
    spoil: replaced('<rasd:InstanceID>5<', '<rasd:InstanceID>4<'),
    findings: [found('InstanceID "4" is missing or there twice'), found('InstanceID "4" is missing or there twice')],
  },
  {
    name: 'an InstanceID that is no number',
    spoil: replaced('<rasd:InstanceID>5<', '<rasd:InstanceID>five<'),
    findings: [found('InstanceID is "five"')],
  },
  {
    name: 'a parent that is not there',
    spoil: replaced('<rasd:Parent>3<', '<rasd:Parent>9<'),
    findings: [found('Parent "9" leads nowhere')],
  },
  {
    name: 'a parent that is no controller',
    spoil: replaced('<rasd:Parent>3<', '<rasd:Parent>1<'),
    findings: [found('Parent "1" leads nowhere')],
  },
  {
    name: 'a disk without a controller',
    spoil: replaced('<rasd:Parent>3</rasd:Parent>', ''),
    findings: [found('disk without Parent')],
  },
  {
    name: 'a disk path that Proxmox VE skips',
    spoil: replaced('ovf:/disk/disk1', '/disk/disk1'),
    findings: [found('HostResource "/disk/disk1" leads nowhere'), found('no item uses the disk "ovf:/disk/disk1"')],
  },
  {
    name: 'a network that is not listed',
    spoil: replaced('<rasd:Connection>Bridged', '<rasd:Connection>VM Network'),
    findings: [found('Connection "VM Network" leads nowhere')],
  },
  {
    name: 'memory in other units',
    spoil: replaced('byte * 2^20', 'MiB'),
    findings: [found('memory in units of "MiB"')],
  },
  { name: 'CPUs in other units', spoil: replaced('hertz * 10^6', 'MHz'), findings: [found('CPU in units of "MHz"')] },
  {
    name: 'memory that is no number',
    spoil: replaced('>2048</rasd:VirtualQuantity>', '>2 GiB</rasd:VirtualQuantity>'),
    findings: [found('VirtualQuantity is "2 GiB"')],
  },
  {
    name: 'two sizes of memory',
    spoil: replaced(/(<rasd:ResourceType>)24</, '$1' + '4<'),
    findings: [
      found('memory in units of "nothing"'),
      found('memory without VirtualQuantity'),
      found('2 items of memory'),
    ],
  },
  {
    name: 'a controller that nobody knows',
    spoil: replaced('>lsilogic<', '>megaraid<'),
    findings: [found('SCSI of the kind "megaraid"')],
  },
  {
    name: 'an adapter that nobody knows',
    spoil: replaced('>VmxNet3<', '>virtio<'),
    findings: [found('network adapter of the kind "virtio"')],
  },
  {
    name: 'ExtraConfig',
    spoil: replaced('<vmw:Config', '<vmw:ExtraConfig ovf:required="false" vmw:key="a" vmw:value="b"/><vmw:Config'),
    findings: [found('vmw:ExtraConfig makes vCenter warn')],
  },
  {
    name: 'a setting that only VMware knows, required',
    spoil: replaced('<vmw:Config ovf:required="false"', '<vmw:Config'),
    findings: ['OVF schema | sample.ovf@* | vmw:Config "cpuHotAddEnabled" is required'],
  },
]
