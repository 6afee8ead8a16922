/** Small raw disks with data at chosen places and holes elsewhere. */
import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'

export interface Patch {
  byte: number
  /** Its digests fill the place, so a longer one does not compress. */
  seed: string
  bytes: number
}

function createNoise(seed: string, bytes: number): Buffer {
  const blocks = Array.from({ length: Math.ceil(bytes / 32) }, (_, at) =>
    createHash('sha256').update(`${seed}${at}`).digest(),
  )
  return Buffer.concat(blocks).subarray(0, bytes)
}

/** Data behind the end is cut off. */
export async function writeRawDisk(path: string, capacityBytes: number, patches: Patch[]): Promise<void> {
  const file = await open(path, 'w')
  try {
    await file.truncate(capacityBytes)
    for (const { byte, seed, bytes } of patches) {
      const room = Math.max(0, Math.min(bytes, capacityBytes - byte))
      await file.write(createNoise(seed, room), 0, room, byte)
    }
  } finally {
    await file.close()
  }
}
