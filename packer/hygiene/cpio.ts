/** Names of what is in an initial ramdisk: archives of cpio (newc) one behind the other, the last of them compressed. */
import { gunzipSync, zstdDecompressSync } from 'node:zlib'

/** As makers of initial ramdisks are told to compress, and as they do by themselves. */
const compressions = [
  { magic: Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), unpack: zstdDecompressSync },
  { magic: Buffer.from([0x1f, 0x8b]), unpack: gunzipSync },
]

const headerBytes = 110
const trailer = 'TRAILER!!!'

/** Throws where it is neither an archive nor compressed as above; what comes behind something compressed is not read. */
export function listCpio(image: Buffer): string[] {
  const names: string[] = []
  for (let at = 0; at < image.length; ) {
    const rest = image.subarray(at)
    const compression = compressions.find(({ magic }) => rest.subarray(0, magic.length).equals(magic))
    if (compression) return names.concat(listCpio(compression.unpack(rest)))
    // Between two archives stand zeros, up to a full block.
    if (rest[0] === 0) at += 1
    else {
      const { name, bytes } = parseMember(rest, at)
      if (name !== trailer) names.push(name)
      at += bytes
    }
  }
  return names
}

const padded = (bytes: number): number => Math.ceil(bytes / 4) * 4

/** Fields are numbers of eight hexadecimal digits behind the magic; name and content are padded to four bytes (cpio(5)). */
function parseMember(rest: Buffer, at: number): { name: string; bytes: number } {
  const header = rest.toString('latin1', 0, headerBytes)
  if (!/^07070[12][0-9A-Fa-f]{104}$/.test(header)) throw new Error(`at byte ${at} begins no member of a cpio archive`)
  const field = (index: number): number => Number.parseInt(header.slice(6 + 8 * index, 14 + 8 * index), 16)
  const [fileBytes, nameBytes] = [field(6), field(11)]
  const bytes = padded(headerBytes + nameBytes) + padded(fileBytes)
  if (nameBytes === 0 || bytes > rest.length) throw new Error(`it ends inside the member at byte ${at}`)
  return { name: rest.toString('utf8', headerBytes, headerBytes + nameBytes - 1), bytes }
}
