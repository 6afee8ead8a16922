/** The virtual hardware of the appliance as OVF items: the subset that VMware, VirtualBox and Proxmox VE all take. */
import { element, type XmlElement } from './xml.ts'

export interface HardwareFacts {
  cpus: number
  memoryMib: number
}

export const diskId = 'disk1'
/** VirtualBox maps networks by name, and this one to a bridged adapter. */
export const networkName = 'Bridged'

const resourceTypes = { cpu: 3, memory: 4, scsi: 6, nic: 10, disk: 17, video: 24 } as const

interface Item {
  /** Whatever an importer may not know must not stop it. */
  required?: false
  fields: Record<string, string | number>
}

/** Only the numbers vary: memory units are written as VirtualBox spells them, the disk path as Proxmox VE reads it. */
function planItems({ cpus, memoryMib }: HardwareFacts): Item[] {
  const { cpu, memory, scsi, nic, disk, video } = resourceTypes
  return [
    {
      fields: {
        AllocationUnits: 'hertz * 10^6',
        ElementName: `${cpus} virtual CPU(s)`,
        InstanceID: 1,
        ResourceType: cpu,
        VirtualQuantity: cpus,
      },
    },
    {
      fields: {
        AllocationUnits: 'byte * 2^20',
        ElementName: `${memoryMib} MiB of memory`,
        InstanceID: 2,
        ResourceType: memory,
        VirtualQuantity: memoryMib,
      },
    },
    {
      fields: {
        Address: 0,
        ElementName: 'SCSI controller 0',
        InstanceID: 3,
        ResourceSubType: 'lsilogic',
        ResourceType: scsi,
      },
    },
    {
      fields: {
        AddressOnParent: 0,
        ElementName: 'Hard disk 1',
        HostResource: `ovf:/disk/${diskId}`,
        InstanceID: 4,
        Parent: 3,
        ResourceType: disk,
      },
    },
    {
      fields: {
        AddressOnParent: 7,
        AutomaticAllocation: 'true',
        Connection: networkName,
        ElementName: 'Network adapter 1',
        InstanceID: 5,
        ResourceSubType: 'VmxNet3',
        ResourceType: nic,
      },
    },
    {
      required: false,
      fields: { AutomaticAllocation: 'false', ElementName: 'Video card', InstanceID: 6, ResourceType: video },
    },
  ]
}

/** The schema demands an item's children in alphabetical order. */
export function createItems(facts: HardwareFacts): XmlElement[] {
  return planItems(facts).map(({ required, fields }) =>
    element(
      'Item',
      required === false ? { 'ovf:required': 'false' } : {},
      Object.keys(fields)
        .sort()
        .map(name => element(`rasd:${name}`, {}, String(fields[name]))),
    ),
  )
}

/** Settings for VMware; other importers skip them. The disk boots under UEFI too, BIOS is what all three start with. */
const vmwareSettings: Record<string, string> = {
  cpuHotAddEnabled: 'true',
  firmware: 'bios',
  memoryHotAddEnabled: 'true',
  'powerOpInfo.powerOffType': 'soft',
  'powerOpInfo.resetType': 'soft',
  'powerOpInfo.suspendType': 'soft',
  'tools.syncTimeWithHost': 'false',
  'tools.toolsUpgradePolicy': 'manual',
}

export function createVmwareSettings(): XmlElement[] {
  return Object.entries(vmwareSettings).map(([key, value]) =>
    element('vmw:Config', { 'ovf:required': 'false', 'vmw:key': key, 'vmw:value': value }),
  )
}
