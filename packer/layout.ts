/** The disk's geometry and fixed identifiers: GPT with a BIOS boot partition, an EFI system partition and the root. */

export const sectorBytes = 512

/**
 * 10 GiB: the system takes about 0.6 GiB, the rest is room for functions, images and what Docker pulls, so that an
 * import is useful before anybody grows the disk. Holes cost nothing in the .ova and on thin datastores.
 */
export const diskBytes = 10 * 1024 ** 3

export type Partition = {
  readonly number: number
  readonly name: string
  /** sgdisk's type code. */
  readonly type: string
  readonly guid: string
  readonly firstSector: number
  readonly sectors: number
}

/** Identifiers are constants, not random: the same tree gives the same bytes. They name the layout, not a machine. */
export const diskGuid = '6f1d0d5c-8b1e-4b7e-9a52-3d2c5a1e0001'
export const rootUuid = '6f1d0d5c-8b1e-4b7e-9a52-3d2c5a1e0013'
/** FAT's serial number of the EFI system partition, hexadecimal. */
export const espSerial = '44495350'

const firstSector = 2048
const biosSectors = 2048
const espSectors = 63 * 2048
/** GPT's backup header and table. */
const tailSectors = 2048

export const biosBoot: Partition = {
  number: 1,
  name: 'bios',
  type: 'ef02',
  guid: '6f1d0d5c-8b1e-4b7e-9a52-3d2c5a1e0011',
  firstSector,
  sectors: biosSectors,
}

export const esp: Partition = {
  number: 2,
  name: 'esp',
  type: 'ef00',
  guid: '6f1d0d5c-8b1e-4b7e-9a52-3d2c5a1e0012',
  firstSector: firstSector + biosSectors,
  sectors: espSectors,
}

export const root: Partition = {
  number: 3,
  name: 'root',
  type: '8304',
  guid: '6f1d0d5c-8b1e-4b7e-9a52-3d2c5a1e0014',
  firstSector: firstSector + biosSectors + espSectors,
  sectors: diskBytes / sectorBytes - (firstSector + biosSectors + espSectors) - tailSectors,
}
