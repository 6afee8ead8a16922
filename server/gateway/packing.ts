/** Packs what is answered when its client takes that, and when it is worth the time. */
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { Answer } from './answer.ts'

/** Shorter ones fit into one packet anyway. */
const minPackedBytes = 1400
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

/** With a weight or without, but not with the weight 0. */
const accepts = (acceptEncoding: string, coding: string): boolean =>
  acceptEncoding
    .split(',')
    .some(each => new RegExp(`^\\s*${coding}\\s*(;\\s*q=(?!0(\\.0{0,3})?\\s*$)[\\d.]+\\s*)?$`, 'i').test(each))

/** An answer with an entity tag stays as it is: the tag stands for exactly its bytes. */
function isWorthIt({ status, headers, body }: Answer): boolean {
  if (typeof body === 'function' || Buffer.byteLength(body) < minPackedBytes || status === 206) return false
  if (headers['content-encoding'] !== undefined || headers.etag !== undefined) return false
  return packable.test(String(headers['content-type'] ?? ''))
}

const withVary = (vary: unknown): string =>
  vary === undefined ? 'accept-encoding' : `${[vary].flat().join(', ')}, accept-encoding`

export async function packAnswer(answer: Answer, acceptEncoding: string | undefined): Promise<Answer> {
  if (!isWorthIt(answer) || typeof answer.body === 'function') return answer
  const headers = { ...answer.headers, vary: withVary(answer.headers.vary) }
  const [coding, pack] = codings.find(([name]) => accepts(acceptEncoding ?? '', name)) ?? []
  if (!coding || !pack) return { ...answer, headers }
  const body = await pack(Buffer.from(answer.body))
  return { ...answer, headers: { ...headers, 'content-encoding': coding }, body }
}
