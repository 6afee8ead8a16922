/** What VirtualBox puts in the place of what a descriptor names; everything is compared without regard to case. */

/** Only these spellings, blanks included; the value is in MiB. */
export const memoryUnits: Readonly<Record<string, number>> = {
  MegaBytes: 1,
  MB: 1,
  'byte * 2^20': 1,
  GigaBytes: 1024,
  GB: 1024,
  'byte * 2^30': 1024,
}

/** SCSI controllers by sub-type; every other one, VirtualSCSI too, becomes the default. */
const scsiControllers: Readonly<Record<string, string>> = { lsilogicsas: 'LsiLogicSas', buslogic: 'BusLogic' }
export const scsiController = (subType: string): string => scsiControllers[subType.toLowerCase()] ?? 'LsiLogic'

/** Controllers of type 20; any other sub-type stops the import. */
export const storageControllers: Readonly<Record<string, string>> = {
  ahci: 'AHCI',
  'vmware.sata.ahci': 'AHCI',
  virtioscsi: 'VirtioSCSI',
  'virtio-scsi': 'VirtioSCSI',
  nvme: 'NVMe',
  'vmware.nvme.controller': 'NVMe',
}

const guestOsByCim: Readonly<Record<number, string>> = {
  36: 'Linux',
  93: 'Ubuntu',
  94: 'Ubuntu_64',
  95: 'Debian',
  96: 'Debian_64',
  99: 'Linux26',
  100: 'Linux26_64',
  101: 'Linux26_64',
}
export const guestOs = (cim: number): string => guestOsByCim[cim] ?? 'Other'

/** A 32-bit or unknown guest gets the card of the nineties. */
const defaultNic = (os: string) => (os.endsWith('_64') ? '82540EM' : 'Am79C973')

const nics: Readonly<Record<string, string>> = {
  pcnet32: 'Am79C970A',
  e1000: '82545EM',
  e10000: '82545EM',
  virtionet: 'virtio',
  'virtio-net': 'virtio',
  3: 'virtio',
}
/** What it does not know, VmxNet3 among it, becomes the card that the guest's type prefers. */
export const nicModel = (subType: string, os: string): string => nics[subType.toLowerCase()] ?? defaultNic(os)

const attachments = ['Null', 'NAT', 'Bridged', 'Internal', 'HostOnly', 'Generic']
/** A network's name is taken for a kind of attachment. */
export const attachment = (network: string): string =>
  attachments.find(kind => kind.toLowerCase() === network.toLowerCase()) ?? 'Bridged'
