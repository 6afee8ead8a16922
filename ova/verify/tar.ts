/** Walks the headers of a tar and checks that it is plain USTAR; the contents stay where they are. */
import type { ByteWindow } from './byte-window.ts'
import { quote, type Report } from './check.ts'

export interface Member {
  name: string
  headerOffset: number
  /** Where the content begins in the archive. */
  offset: number
  bytes: number
}

const blockBytes = 512
/** tar programs fill the last record of this size with zeros; more is padding. */
const recordBytes = 20 * blockBytes
const maxMembers = 100

const isZero = (bytes: Buffer) => bytes.every(byte => byte === 0)

function parseText(header: Buffer, offset: number, length: number): string {
  const field = header.subarray(offset, offset + length)
  const end = field.indexOf(0)
  return field.toString('latin1', 0, end < 0 ? length : end)
}

/** Octal digits with blanks or zeros around them; anything else, such as GNU's binary sizes, is undefined. */
function parseOctal(header: Buffer, offset: number, length: number): number | undefined {
  const text = header.toString('latin1', offset, offset + length)
  const match = /^ *([0-7]+)[ \0]*$/.exec(text)
  return match?.[1] === undefined ? undefined : Number.parseInt(match[1], 8)
}

/** The checksum counts its own field as blanks. */
function sumHeader(header: Buffer): number {
  return header.reduce((sum, byte, at) => sum + (at >= 148 && at < 156 ? 32 : byte), 0)
}

const foreignTypes: Record<string, string> = {
  x: 'a PAX header',
  g: 'a global PAX header',
  L: 'a GNU long name',
  K: 'a GNU long link',
  S: 'a GNU sparse file',
  '5': 'a directory',
  '2': 'a symbolic link',
  '1': 'a hard link',
}

function checkHeader(header: Buffer, at: number, report: Report): void {
  const magic = header.toString('latin1', 257, 265)
  if (magic !== 'ustar\x0000') {
    const kind = magic.startsWith('ustar ') ? 'a GNU tar header' : 'not a USTAR header'
    report(at + 257, `${kind} (magic ${quote(magic)})`, 'plain USTAR, magic "ustar\\0" and version "00"')
  }
  const type = header.toString('latin1', 156, 157)
  if (type !== '0') {
    report(at + 156, `member type ${quote(type)} is ${foreignTypes[type] ?? 'unknown'}`, 'a regular file, type "0"')
  }
  const numbers = [
    { name: 'mode', offset: 100, expected: 0o644 },
    { name: 'owner', offset: 108, expected: 0 },
    { name: 'group', offset: 116, expected: 0 },
  ]
  for (const { name, offset, expected } of numbers) {
    const found = parseOctal(header, offset, 8)
    if (found !== expected) report(at + offset, `${name} is ${found?.toString(8) ?? 'no number'}`, expected.toString(8))
  }
  for (const { name, offset } of [
    { name: 'owner', offset: 265 },
    { name: 'group', offset: 297 },
  ]) {
    const found = parseText(header, offset, 32)
    if (found !== '' && found !== 'root') report(at + offset, `${name} is ${quote(found)} by name`, 'root, or no name')
  }
  if (parseText(header, 345, 155) !== '') report(at + 345, 'the name has a prefix', 'a name of at most 100 bytes')
}

/** Behind the content, up to the next block. */
async function checkFilling(archive: ByteWindow, { name, offset, bytes }: Member, report: Report): Promise<void> {
  const filling = await archive.read(offset + bytes, (blockBytes - (bytes % blockBytes)) % blockBytes)
  if (!isZero(filling)) report(offset + bytes, `data fills the last block of ${quote(name)}`, 'zeros')
}

async function checkEnd(archive: ByteWindow, at: number, report: Report): Promise<void> {
  if (archive.bytes - at < 2 * blockBytes) report(at, 'only one zero block ends the archive', 'two')
  if (archive.bytes - at > recordBytes)
    report(at, `${archive.bytes - at} bytes of padding follow`, 'the end of the file')
  if (!isZero(await archive.read(at, recordBytes))) report(at, 'data follows the end of the archive', 'only zeros')
}

function parseMember(header: Buffer, at: number, report: Report): Member | undefined {
  const sum = sumHeader(header).toString(8).padStart(6, '0')
  // Two ways to end the digits are common: that of tar programs, and that of tar-stream.
  if (![`${sum}\0 `, `${sum} \0`].includes(header.toString('latin1', 148, 156))) {
    report(at + 148, 'the header checksum is wrong: no tar, or a damaged one', sum)
    return undefined
  }
  checkHeader(header, at, report)
  const bytes = parseOctal(header, 124, 12)
  if (bytes === undefined) {
    report(at + 124, 'the size is not written in octal digits, as GNU tar does beyond 8 GiB', 'octal digits')
    return undefined
  }
  return { name: parseText(header, 0, 100), headerOffset: at, offset: at + blockBytes, bytes }
}

/** Goes as far as the archive can be followed, and says why it ends there when that is not its end. */
export async function readMembers(archive: ByteWindow, report: Report): Promise<Member[]> {
  const members: Member[] = []
  const times = new Set<number | undefined>()
  for (let at = 0; ; ) {
    const header = await archive.read(at, blockBytes)
    if (header.length < blockBytes) report(at, 'the archive ends here: it was cut short', 'two zero blocks')
    if (header.length < blockBytes) return members
    if (isZero(header)) {
      await checkEnd(archive, at, report)
      return members
    }
    times.add(parseOctal(header, 136, 12))
    if (times.size > 1 || times.has(undefined)) report(at + 136, 'the times differ or are no numbers', 'one fixed time')
    const member = parseMember(header, at, report)
    if (!member) return members
    members.push(member)
    if (members.length > maxMembers) report(at, `more than ${maxMembers} members`, 'descriptor, manifest and disks')
    if (members.length > maxMembers) return members
    at = member.offset + Math.ceil(member.bytes / blockBytes) * blockBytes
    await checkFilling(archive, member, report)
    if (at <= archive.bytes) continue
    const missing = at - archive.bytes
    report(archive.bytes, `the archive ends within ${quote(member.name)}: cut short`, `${missing} more bytes`)
    return members
  }
}
