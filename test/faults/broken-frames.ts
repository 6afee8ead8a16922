/** Bytes that no runtime may send, made by chance that can be repeated. */
import { encodeFrame } from '../../server/engine/frames.ts'
import type { Random } from './random.ts'

const noise = (random: Random, length: number): Buffer => Buffer.from(Array.from({ length }, () => random.below(256)))
const withLength = (bytes: number, rest: Buffer): Buffer => {
  const head = Buffer.alloc(4)
  head.writeUInt32BE(bytes)
  return Buffer.concat([head, rest])
}
/** A frame whose lengths are right and whose header is any text. */
export const framed = (header: string): Buffer =>
  withLength(4 + header.length, withLength(header.length, Buffer.from(header)))

/** Each breaks the protocol wherever it is sent, as the first bytes of a connection or after a hello. */
export const brokenFrames: Record<string, (random: Random) => Buffer> = {
  'bytes at random': random => withLength(2 ** 31 + random.below(2 ** 31), noise(random, random.below(64))),
  'oversized frame announced': random => withLength(64 * 2 ** 20 + random.below(2 ** 30), noise(random, 32)),
  'frame without room for a header': random => withLength(random.below(4), noise(random, 8)),
  'header beyond its frame': random => withLength(20, withLength(17 + random.below(2 ** 20), noise(random, 16))),
  'header that is no JSON': random => framed(`{${random.below(2 ** 30)}`),
  'header that is no object': random => framed(random.pick(['[]', 'null', '7', '"hello"', 'true'])),
  'no parts': random => framed(`{"type":"${random.pick(['result', 'ready', 'printed', 'exited'])}"}`),
  'parts that do not add up': random => framed(`{"type":"result","id":1,"parts":[${1 + random.below(2 ** 30)}]}`),
  'negative or broken parts': random =>
    framed(`{"type":"result","parts":[${random.pick(['-1', '1.5', '1e400', '{}'])}]}`),
  'more parts than any message has': random =>
    framed(`{"type":"result","id":1,"parts":[${Array(4 + random.below(1000)).fill(0)}]}`),
  'unknown type': random => encodeFrame({ type: `t${random.below(2 ** 30)}` }),
  'type from the prototype': random => framed(`{"type":"${random.pick(['__proto__', 'constructor'])}","parts":[]}`),
  'fields of the wrong kind': random =>
    framed(`{"type":"ready","worker":${random.pick(['"1"', 'null', '{}', '1.5'])},"parts":[]}`),
  'a worker that nobody asked for': random => encodeFrame({ type: 'ready', worker: 1 + random.below(2 ** 30) }),
  'a message to a runtime': random => encodeFrame({ type: random.pick(['load', 'start', 'kill', 'call']), worker: 1 }),
  'a piece of no call': random =>
    encodeFrame({ type: 'piece', id: random.below(9), kind: random.pick(['text', 'json', 'bytes', 'no']) }, ['1']),
  'a valid frame cut by another': random => withLength(200, Buffer.concat([framed('{}'), noise(random, 200)])),
  'a header nested without end': random => framed(`{"type":${'['.repeat(1000 + random.below(100_000))}`),
}
