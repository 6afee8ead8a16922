/** Packs what is answered when its client takes that, and when it is worth the time. */
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { acceptsCoding } from '../http/answer.ts'
import type { Answer } from './answer.ts'

/** Characters or bytes. Shorter ones fit into one packet anyway. */
const minPackedLength = 1400
/** What is packed already only grows. */
const packable =
  /^(?:text\/(?!event-stream)|application\/(?:[\w.-]+\+)?(?:json|xml)\b|application\/javascript\b|image\/svg)/i

const brotli = promisify(brotliCompress)
const zip = promisify(gzip)

/** Better ones first. Their levels take about as long as sending what they save. */
const codings: readonly (readonly [string, (body: Buffer) => Promise<Buffer>])[] = [
  ['br', body => brotli(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } })],
  ['gzip', body => zip(body, { level: constants.Z_BEST_SPEED })],
]

/** An answer with an entity tag stays as it is: the tag stands for exactly its bytes. */
function isWorthIt({ status, headers, body }: Answer): boolean {
  if (typeof body === 'function' || body.length < minPackedLength || status === 206) return false
  if (headers['content-encoding'] !== undefined || headers.etag !== undefined) return false
  return packable.test(String(headers['content-type'] ?? ''))
}

const withVary = (vary: unknown): string =>
  vary === undefined ? 'accept-encoding' : `${[vary].flat().join(', ')}, accept-encoding`

async function packBody(answer: Answer, body: string | Buffer, acceptEncoding: string | undefined): Promise<Answer> {
  const headers = { ...answer.headers, vary: withVary(answer.headers.vary) }
  const [coding, pack] = codings.find(([name]) => acceptsCoding(acceptEncoding, name)) ?? []
  if (!coding || !pack) return { ...answer, headers }
  return { ...answer, headers: { ...headers, 'content-encoding': coding }, body: await pack(Buffer.from(body)) }
}

/** Most answers are short, and go on at once. */
export const packAnswer = (answer: Answer, acceptEncoding: string | undefined): Answer | Promise<Answer> =>
  isWorthIt(answer) && typeof answer.body !== 'function' ? packBody(answer, answer.body, acceptEncoding) : answer
