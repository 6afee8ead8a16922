/** An own reader of streamOptimized VMDK, by the format's text: footer, directory, tables, grains. */
import { inflateSync } from 'node:zlib'

export function readVmdk(vmdk: Buffer): Buffer {
  const footer = vmdk.subarray(vmdk.length - 1024, vmdk.length - 512)
  const disk = Buffer.alloc(Number(footer.readBigUInt64LE(12)) * 512)
  const directoryAt = Number(footer.readBigUInt64LE(56)) * 512
  const tables = Math.ceil(disk.length / (512 * 65536))
  for (let index = 0; index < tables * 512; index += 1) {
    const tableSector = vmdk.readUInt32LE(directoryAt + Math.floor(index / 512) * 4)
    const sector = tableSector === 0 ? 0 : vmdk.readUInt32LE(tableSector * 512 + (index % 512) * 4)
    if (sector === 0) continue
    const at = sector * 512
    if (vmdk.readBigUInt64LE(at) !== BigInt(index * 128)) throw new Error(`grain ${index} has another marker`)
    inflateSync(vmdk.subarray(at + 12, at + 12 + vmdk.readUInt32LE(at + 8))).copy(disk, index * 65536)
  }
  return disk
}
