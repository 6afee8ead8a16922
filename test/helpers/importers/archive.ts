/** Reads an .ova as a tar and the header of a VMDK in it, independently of ova/. */
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { ImportRefused } from './machine.ts'

export interface ArchiveMember {
  name: string
  /** As the archive writes it: `0` or an empty character is a regular file. */
  type: string
  /** `ustar` and the version, with empty characters where they are. */
  magic: string
  bytes: number
  offset: number
}

const blockBytes = 512

const textOf = (header: Buffer, from: number, to: number) => header.toString('latin1', from, to).replace(/\0.*$/s, '')

function parseHeader(header: Buffer, at: number): ArchiveMember {
  return {
    name: textOf(header, 0, 100),
    type: header.toString('latin1', 156, 157),
    magic: header.toString('latin1', 257, 265),
    bytes: Number.parseInt(textOf(header, 124, 136), 8),
    offset: at + blockBytes,
  }
}

export async function listMembers(path: string): Promise<ArchiveMember[]> {
  const file = await open(path, 'r')
  try {
    const members: ArchiveMember[] = []
    for (let at = 0; ; ) {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(blockBytes), 0, blockBytes, at)
      if (bytesRead < blockBytes || buffer[0] === 0) return members
      const member = parseHeader(buffer, at)
      members.push(member)
      at = member.offset + Math.ceil(member.bytes / blockBytes) * blockBytes
    }
  } finally {
    await file.close()
  }
}

export const isRegular = ({ type }: ArchiveMember): boolean => type === '0' || type === '\0'

export const endsWith = ({ name }: ArchiveMember, ending: string): boolean => name.toLowerCase().endsWith(ending)

/** The content as a stream: an importer need not hold a disk. */
export function readMember(path: string, { offset, bytes }: ArchiveMember): AsyncIterable<Buffer> {
  return bytes === 0
    ? (async function* () {})()
    : createReadStream(path, { start: offset, end: offset + bytes - 1, highWaterMark: 1024 * 1024 })
}

export async function readText(path: string, member: ArchiveMember): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of readMember(path, member)) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

/** The text of the first descriptor in the archive. */
export async function readDescriptor(path: string, members: ArchiveMember[]): Promise<string> {
  const member = members.find(each => endsWith(each, '.ovf'))
  if (!member) throw new ImportRefused('the archive holds no .ovf')
  return readText(path, member)
}

/** Fields of a VMDK's header, which importers that open the disk go by. */
export async function readDiskHeader(path: string, member: ArchiveMember) {
  const file = await open(path, 'r')
  try {
    const { buffer } = await file.read(Buffer.alloc(blockBytes), 0, blockBytes, member.offset)
    const magic = buffer.toString('latin1', 0, 4)
    const capacityBytes = Number(buffer.readBigUInt64LE(12)) * blockBytes
    return { magic, version: buffer.readUInt32LE(4), capacityBytes, compression: buffer.readUInt16LE(77) }
  } finally {
    await file.close()
  }
}
