/** Owns questions to a server of this machine over a bare socket: to load Node's HTTP client takes longer than the rest of a short command. */
import { connect, type NetConnectOpts } from 'node:net'

export interface Question {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
}

export interface PlainAnswer {
  readonly status: number
  /** As it came: packed, if `encoding` says so. */
  readonly body: Buffer
  readonly encoding: string | undefined
  readonly date: string | undefined
}

const blankLine = '\r\n\r\n'
const isFieldValue = (text: string): boolean => /^[\t\x20-\x7e\x80-\xff]*$/.test(text)

/** Undefined: a header has characters that none may have. */
function renderQuestion({ path, headers }: Question): Buffer | undefined {
  const fields = Object.entries({ ...headers, Connection: 'close' })
  if (!fields.every(([, value]) => isFieldValue(value))) return undefined
  const lines = [`GET ${path} HTTP/1.1`, ...fields.map(([name, value]) => `${name}: ${value}`)]
  return Buffer.from(lines.join('\r\n') + blankLine, 'latin1')
}

/** By lower-case name. Undefined: a line is no field, or a name comes twice. */
function parseFields(lines: readonly string[]): Map<string, string> | undefined {
  const fields = new Map<string, string>()
  for (const line of lines) {
    const [, name, value = ''] = /^([!#$%&'*+.^_`|~0-9a-z-]+):(.*)$/i.exec(line) ?? []
    if (name === undefined || fields.has(name.toLowerCase())) return undefined
    fields.set(name.toLowerCase(), value.trim())
  }
  return fields
}

/** Undefined: a length is none, something stands between chunks, or the end is missing. */
function joinChunks(bytes: Buffer): Buffer | undefined {
  const chunks: Buffer[] = []
  for (let at = 0; ; ) {
    const lineEnd = bytes.indexOf('\r\n', at)
    const [, digits] =
      /^([0-9a-f]{1,8})(?:[ \t]*;.*)?$/i.exec(bytes.toString('latin1', at, Math.max(at, lineEnd))) ?? []
    if (digits === undefined) return undefined
    const begin = lineEnd + 2
    at = begin + Number.parseInt(digits, 16)
    if (at === begin)
      return bytes.subarray(lineEnd).toString('latin1').endsWith(blankLine) ? Buffer.concat(chunks) : undefined
    if (bytes.toString('latin1', at, at + 2) !== '\r\n') return undefined
    chunks.push(bytes.subarray(begin, at))
    at += 2
  }
}

function readBody(fields: ReadonlyMap<string, string>, rest: Buffer): Buffer | undefined {
  const [coding, length] = [fields.get('transfer-encoding'), fields.get('content-length')]
  if (coding !== undefined) return coding === 'chunked' && length === undefined ? joinChunks(rest) : undefined
  return length === String(rest.length) ? rest : undefined
}

/** All that a connection brought. Undefined for redirects, and what is cut or no HTTP (RFC 9112). */
export function parseAnswer(received: Buffer): PlainAnswer | undefined {
  const end = received.indexOf(blankLine)
  if (end < 0) return undefined
  const [statusLine = '', ...lines] = received.toString('latin1', 0, end).split('\r\n')
  const [, status] = /^HTTP\/1\.1 ([245]\d\d)(?: |$)/.exec(statusLine) ?? []
  const fields = parseFields(lines)
  if (status === undefined || fields === undefined) return undefined
  const body = readBody(fields, received.subarray(end + blankLine.length))
  return body && { status: Number(status), body, encoding: fields.get('content-encoding'), date: fields.get('date') }
}

const maxHeadBytes = 64 * 1024

/** Of the whole answer. Undefined: its head is not all there yet; infinite: it comes in chunks; 0: it is not to be read here. */
function bytesOf(received: Buffer): number | undefined {
  if (!'HTTP/1.1 '.startsWith(received.toString('latin1', 0, 9))) return 0
  const end = received.indexOf(blankLine)
  if (end < 0 && received.length <= maxHeadBytes) return undefined
  if (end < 0 || end > maxHeadBytes) return 0
  const head = received.toString('latin1', 0, end)
  const [, length] = /\r\ncontent-length:[ \t]*(\d{1,15})/i.exec(head) ?? []
  if (length !== undefined) return end + blankLine.length + Number(length)
  return /\r\ntransfer-encoding:/i.test(head) ? Number.POSITIVE_INFINITY : 0
}

const lastChunk = `\r\n0${blankLine}`

/** Takes what arrives, and says whether that may be all: not everybody who is asked to close does so. */
function createEndWatch(): (chunk: Buffer) => boolean {
  let [bytes, first, tail] = [0, Buffer.alloc(0), Buffer.alloc(0)]
  let awaited: number | undefined
  return chunk => {
    bytes += chunk.length
    tail = Buffer.concat([tail, chunk]).subarray(-lastChunk.length)
    if (awaited === undefined) {
      first = Buffer.concat([first, chunk])
      awaited = bytesOf(first)
    }
    if (awaited === undefined) return false
    return bytes >= awaited || (awaited === Number.POSITIVE_INFINITY && tail.toString('latin1') === lastChunk)
  }
}

/** Undefined for whatever is not a plain answer, also for a failure: an HTTP client that asks again tells why. */
export function askBare(
  server: NetConnectOpts,
  question: Question,
  signal: AbortSignal,
): Promise<PlainAnswer | undefined> {
  const request = renderQuestion(question)
  if (request === undefined || signal.aborted) return Promise.resolve(undefined)
  return new Promise(resolve => {
    const socket = connect({ ...server, signal })
    const chunks: Buffer[] = []
    const mayBeAll = createEndWatch()
    const end = () => {
      socket.destroy()
      resolve(parseAnswer(Buffer.concat(chunks)))
    }
    socket.on('data', chunk => {
      chunks.push(chunk)
      if (mayBeAll(chunk)) end()
    })
    socket.on('end', end)
    socket.on('error', () => resolve(undefined))
    socket.write(request)
  })
}
