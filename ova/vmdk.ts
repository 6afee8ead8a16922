/** Writes a raw disk file as a streamOptimized VMDK; equal disks give equal bytes. */
import { createWriteStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { createContentId } from './content-id.ts'
import { deflateGrains } from './deflate.ts'
import { type RawGrain, readGrains } from './grains.ts'
import { encodeVmdkDescriptor } from './vmdk-descriptor.ts'
import { descriptorOffsetSectors, grainBytes, sectorBytes } from './vmdk-layout.ts'
import { streamVmdk } from './vmdk-stream.ts'

export interface VmdkFacts {
  capacityBytes: number
  /** Bytes of the grains that hold anything but zeros. */
  populatedBytes: number
  cid: string
}

export interface VmdkOptions {
  /** The file name that the embedded descriptor gives. */
  fileName: string
  onProgress?: ((doneBytes: number, totalBytes: number) => void) | undefined
}

/** What may wait for the disk while the cores go on. */
const writeBufferBytes = 1024 * 1024

function checkCapacity(rawPath: string, capacityBytes: number): void {
  if (capacityBytes > 0 && capacityBytes % sectorBytes === 0) return
  const problem = `${rawPath} has ${capacityBytes} bytes, which is no disk: it takes a whole number of 512-byte sectors`
  throw new Error(`${problem}. Build the raw disk again`)
}

async function writeDescriptor(vmdkPath: string, area: Buffer): Promise<void> {
  const file = await open(vmdkPath, 'r+')
  try {
    await file.write(area, 0, area.length, descriptorOffsetSectors * sectorBytes)
  } finally {
    await file.close()
  }
}

/** Writes to `vmdkPath` at once: give it a temporary name, for a failure leaves a part of a file. */
export async function writeVmdk(rawPath: string, vmdkPath: string, options: VmdkOptions): Promise<VmdkFacts> {
  const disk = await open(rawPath, 'r')
  try {
    const capacityBytes = (await disk.stat()).size
    checkCapacity(rawPath, capacityBytes)
    const content = createContentId(capacityBytes)
    let populatedBytes = 0
    const watch = async function* (grains: AsyncIterable<RawGrain>) {
      for await (const grain of grains) {
        content.add(grain.index, grain.raw)
        populatedBytes += grainBytes
        yield grain
      }
    }
    const grains = watch(readGrains(disk, capacityBytes, done => options.onProgress?.(done, capacityBytes)))
    const capacitySectors = capacityBytes / sectorBytes
    const vmdk = createWriteStream(vmdkPath, { highWaterMark: writeBufferBytes })
    await pipeline(streamVmdk(deflateGrains(grains), capacitySectors), vmdk)
    const cid = content.cid()
    await writeDescriptor(vmdkPath, encodeVmdkDescriptor({ fileName: options.fileName, capacitySectors, cid }))
    return { capacityBytes, populatedBytes, cid }
  } finally {
    await disk.close()
  }
}
