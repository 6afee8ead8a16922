/** The file formats that packages come in, made on the spot: zip (wheels, jars), tar.gz (npm), ar (Debian), and a Java class. */
import { buffer } from 'node:stream/consumers'
import { crc32, gzipSync } from 'node:zlib'
import { pack } from 'tar-stream'

/** Path to contents. */
export type Files = Record<string, string | Buffer>

const number = (bytes: number, value: number): Buffer => {
  const buffer = Buffer.alloc(bytes)
  buffer.writeUIntLE(value, 0, bytes)
  return buffer
}

/** What the two headers of a file have in common: version, flags, stored as it is, 1980-01-01, checksum and sizes. */
const zipFacts = (path: string, content: Buffer): Buffer =>
  Buffer.concat([
    ...[20, 0, 0, 0, 0x21].map(value => number(2, value)),
    number(4, crc32(content)),
    number(4, content.length),
    number(4, content.length),
    number(2, Buffer.byteLength(path)),
    number(2, 0),
  ])

export function renderZip(files: Files): Buffer {
  const entries: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const [path, given] of Object.entries(files)) {
    const content = Buffer.from(given)
    const facts = zipFacts(path, content)
    const entry = Buffer.concat([number(4, 0x04034b50), facts, Buffer.from(path), content])
    // Comment, disk and attributes: none.
    directory.push(number(4, 0x02014b50), number(2, 20), facts, Buffer.alloc(10), number(4, offset), Buffer.from(path))
    entries.push(entry)
    offset += entry.length
  }
  const central = Buffer.concat(directory)
  const count = number(2, entries.length)
  const end = [number(4, 0x06054b50), number(4, 0), count, count, number(4, central.length), number(4, offset)]
  return Buffer.concat([...entries, central, ...end, number(2, 0)])
}

/** `modeOf`: 0644 where it says nothing. */
export async function renderTarGz(files: Files, modeOf: Record<string, number> = {}): Promise<Buffer> {
  const tar = pack()
  for (const [name, content] of Object.entries(files))
    tar.entry({ name, mode: modeOf[name] ?? 0o644, mtime: new Date(0) }, Buffer.from(content))
  tar.finalize()
  return gzipSync(await buffer(tar))
}

export function renderAr(files: Files): Buffer {
  const members = Object.entries(files).map(([name, given]) => {
    const content = Buffer.from(given)
    const head = [name.padEnd(16), '0'.padEnd(12), '0'.padEnd(6), '0'.padEnd(6), '100644'.padEnd(8)].join('')
    const padding = content.length % 2 === 0 ? '' : '\n'
    return Buffer.concat([
      Buffer.from(`${head}${String(content.length).padEnd(10)}\`\n`),
      content,
      Buffer.from(padding),
    ])
  })
  return Buffer.concat([Buffer.from('!<arch>\n'), ...members])
}

const big = (bytes: number, value: number): Buffer => number(bytes, value).reverse()
const utf8 = (content: string): Buffer =>
  Buffer.concat([big(1, 1), big(2, Buffer.byteLength(content)), Buffer.from(content)])

export interface JavaClass {
  /** With its package: `org.example.Greeting`. */
  className: string
  /** Of a public static method without parameters. */
  method: string
  /** What that answers. */
  answers: string
}

/** Class file of Java 8 and newer (JVM specification, chapter 4). */
export function renderClass({ className, method, answers }: JavaClass): Buffer {
  const [classTag, stringTag] = [7, 8]
  const constants = [
    Buffer.concat([big(1, classTag), big(2, 2)]),
    utf8(className.replaceAll('.', '/')),
    Buffer.concat([big(1, classTag), big(2, 4)]),
    utf8('java/lang/Object'),
    utf8(method),
    utf8('()Ljava/lang/String;'),
    utf8('Code'),
    Buffer.concat([big(1, stringTag), big(2, 9)]),
    utf8(answers),
  ]
  // One place on the stack, no variables: load constant 8, return it. No exceptions, no attributes.
  const code = Buffer.from([0, 1, 0, 0, 0, 0, 0, 3, 0x12, 8, 0xb0, 0, 0, 0, 0])
  const codeAttribute = [big(2, 7), big(4, code.length), code]
  const publicStatic = big(2, 0x0009)
  return Buffer.concat([
    Buffer.from([0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 52]),
    big(2, constants.length + 1),
    ...constants,
    // Public; itself and its parent by constant; no interfaces, no fields, one method, no attributes.
    ...[0x0021, 1, 3, 0, 0, 1].map(value => big(2, value)),
    ...[publicStatic, big(2, 5), big(2, 6), big(2, 1), ...codeAttribute],
    big(2, 0),
  ])
}
