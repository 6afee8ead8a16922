/** What an importer makes of an OVA, in the terms that all of them share. */

export interface ImportedDisk {
  /** Name of the member that holds it. */
  file: string
  bytes: number
  /** Controller and place, in the importer's own words. */
  attachedTo: string
}

export interface ImportedNic {
  model: string
  /** Absent where the importer does not look at networks. */
  network?: string
}

export interface ImportedMachine {
  name: string
  cpus: number
  memoryMib: number
  firmware: 'bios' | 'efi'
  guestOs: string
  disks: ImportedDisk[]
  nics: ImportedNic[]
  /** What was left out without a failure. */
  warnings: string[]
}

/** The importer stops here and makes no machine. */
export class ImportRefused extends Error {
  override readonly name = 'ImportRefused'
}
