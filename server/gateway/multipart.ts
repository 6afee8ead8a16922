/** Reads the text fields of a form that is sent in parts (RFC 7578); files are left out. Pure. */

/** Throws an Error that says what is wrong. */
export function parseMultipart(body: Buffer, contentType: string, maxParts: number): [name: string, value: string][] {
  const delimiter = Buffer.from(`\r\n--${boundaryIn(contentType)}`)
  // The first one has no line before it.
  const begun = body.subarray(0, delimiter.length - 2).equals(delimiter.subarray(2))
  const fields: [string, string][] = []
  let start = begun ? delimiter.length - 2 : endOf(body, delimiter, 0)
  for (let parts = 1; body.toString('latin1', start, start + 2) !== '--'; parts += 1) {
    if (parts > maxParts) throw new Error(`it has more than ${maxParts} parts`)
    const end = endOf(body, delimiter, start) - delimiter.length
    fields.push(...fieldIn(body.subarray(start, end)))
    start = end + delimiter.length
  }
  return fields
}

function boundaryIn(contentType: string): string {
  const [, quoted, plain] = /;\s*boundary=(?:"((?:\\.|[^"\\])+)"|([^\s;"]+))/i.exec(contentType) ?? []
  const boundary = quoted?.replace(/\\(.)/g, '$1') ?? plain
  if (boundary === undefined) throw new Error('Content-Type names no boundary')
  return boundary
}

/** The place behind the next delimiter. */
function endOf(body: Buffer, delimiter: Buffer, from: number): number {
  const index = body.indexOf(delimiter, from)
  if (index < 0) throw new Error('it lacks the last boundary')
  return index + delimiter.length
}

/** None for a file, and for what has no name. */
function fieldIn(part: Buffer): [string, string][] {
  const headEnd = part.indexOf('\r\n\r\n')
  if (headEnd < 0) throw new Error('a part of it has no end of headers')
  const head = part.toString('utf8', 0, headEnd)
  const disposition = /^content-disposition:\s*form-data(.*)$/im.exec(head)?.[1] ?? ''
  const [, quoted, plain] = /;\s*name=(?:"((?:\\.|[^"\\])*)"|([^\s;"]+))/i.exec(disposition) ?? []
  const name = quoted?.replace(/\\(.)/g, '$1') ?? plain
  const isFile = /;\s*filename\*?=/i.test(disposition)
  return name === undefined || isFile ? [] : [[name, part.toString('utf8', headEnd + 4)]]
}
