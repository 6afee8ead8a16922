/** Frames come out as they went in, however the bytes are cut; bytes that are no frames are refused. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import test from 'ava'
import fc from 'fast-check'
import { createFrameReader, encodeFrame, type Frame, maxHeaderBytes } from '../../../../server/engine/frames.ts'

const maxBytes = 1024 * 1024

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc')

/** Of this process, after garbage is collected. */
function heldBytes(): number {
  collectGarbage()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

/** Cuts the bytes at the given places. */
function chunksOf(bytes: Buffer, cuts: number[]): Buffer[] {
  const places = [0, ...cuts.map(cut => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
  return places.slice(1).map((place, index) => bytes.subarray(places[index], place))
}

function readAll(chunks: Buffer[], limitBytes = maxBytes): Frame[] {
  const frames: Frame[] = []
  const bounds = { firstBytes: limitBytes, maxBytes: limitBytes }
  const read = createFrameReader(bounds, frame => frames.push(frame))
  for (const chunk of chunks) read(chunk)
  return frames
}

const content = fc.record({
  header: fc.dictionary(
    fc.string().filter(key => key !== 'parts' && key !== '__proto__'),
    fc.jsonValue(),
  ),
  parts: fc.array(fc.string({ unit: 'binary' }), { maxLength: 3 }),
})

test('any frames survive any cutting', t => {
  const property = fc.property(
    fc.array(content, { maxLength: 5 }),
    fc.array(fc.nat(), { maxLength: 12 }),
    (contents, cuts) => {
      const bytes = Buffer.concat(contents.map(({ header, parts }) => encodeFrame(header, parts)))
      const frames = readAll(chunksOf(bytes, cuts))
      const texts = frames.map(({ header: { parts: _, ...header }, parts }) => ({ header, parts: parts.map(String) }))
      const expected = contents.map(({ header, parts }) => ({
        header: JSON.parse(JSON.stringify(header)),
        parts: parts.map(part => Buffer.from(part).toString()),
      }))
      t.deepEqual(texts, expected)
    },
  )
  t.notThrows(() => fc.assert(property))
})

test('arbitrary bytes are refused or waited on, never taken for more than they hold', t => {
  const property = fc.property(fc.uint8Array({ maxLength: 64 }), bytes => {
    try {
      for (const { header, parts } of readAll([Buffer.from(bytes)]))
        t.true(typeof header === 'object' && Array.isArray(parts))
    } catch (thrown) {
      t.true(thrown instanceof Error)
    }
  })
  t.notThrows(() => fc.assert(property, { numRuns: 1000 }))
})

const raw = (header: string, body = ''): Buffer => {
  const start = Buffer.alloc(8)
  start.writeUInt32BE(4 + header.length + body.length, 0)
  start.writeUInt32BE(header.length, 4)
  return Buffer.concat([start, Buffer.from(header + body)])
}

const refused: Record<string, { bytes: Buffer; message: RegExp }> = {
  'a frame over the limit': { bytes: encodeFrame({}, ['x'.repeat(100)]), message: /exceeds the limit of 64 bytes/ },
  'a frame without room for a header': { bytes: Buffer.from([0, 0, 0, 3, 1, 2, 3]), message: /no room/ },
  'a header longer than the frame': { bytes: Buffer.from([0, 0, 0, 4, 0, 0, 0, 9]), message: /longer than the frame/ },
  'a header that is no JSON': { bytes: raw('{'), message: /JSON/ },
  'a header that is no object': { bytes: raw('[]'), message: /no object/ },
  'no lengths of parts': { bytes: raw('{}'), message: /how long/ },
  'a negative length': { bytes: raw('{"parts":[-1]}'), message: /how long/ },
  'parts that add up to too much': { bytes: raw('{"parts":[9]}', 'x'), message: /add up/ },
  'parts that add up to too little': { bytes: raw('{"parts":[]}', 'x'), message: /add up/ },
}

for (const [what, { bytes, message }] of Object.entries(refused)) {
  test(`refuses ${what}`, t => {
    t.throws(() => readAll([bytes], 64), { message })
  })
}

test('the first frame has a bound of its own, which its length breaks already', t => {
  const frames: Frame[] = []
  const read = createFrameReader({ firstBytes: 64, maxBytes }, frame => frames.push(frame))
  const long = encodeFrame({ type: 'x' }, ['x'.repeat(1000)])
  read(Buffer.concat([encodeFrame({ type: 'first' }), long]))
  t.is(frames.length, 2)
  const fresh = createFrameReader({ firstBytes: 64, maxBytes }, frame => frames.push(frame))
  t.throws(() => fresh(long.subarray(0, 4)), { message: /exceeds the limit of 64 bytes/ })
})

test('a header may be as long as an error, and no longer', t => {
  const ofBytes = (bytes: number) => encodeFrame({ text: 'x'.repeat(bytes - '{"text":"","parts":[]}'.length) })
  t.is(readAll([ofBytes(maxHeaderBytes)], 2 * maxHeaderBytes).length, 1)
  t.throws(() => readAll([ofBytes(maxHeaderBytes + 1)], 2 * maxHeaderBytes), { message: /header of a frame exceeds/ })
})

test('parts are counted before anything is made of them', t => {
  t.is(readAll([encodeFrame({}, ['1', '2', '3'])])[0]?.parts.length, 3)
  t.throws(() => readAll([encodeFrame({}, ['1', '2', '3', '4'])]), { message: /has 4 parts/ })
})

test('what comes byte by byte is held in proportion to its bytes', t => {
  const frame = encodeFrame({ type: 'x' }, ['x'.repeat(maxBytes - 100)])
  const frames: Frame[] = []
  const read = createFrameReader({ firstBytes: maxBytes, maxBytes }, each => frames.push(each))
  const before = heldBytes()
  for (const byte of frame.subarray(0, -1)) read(Buffer.from([byte]))
  const grown = heldBytes() - before
  t.true(grown < 4 * maxBytes, `${grown} bytes for ${maxBytes}`)
  read(frame.subarray(-1))
  t.is(frames[0]?.parts[0]?.length, maxBytes - 100)
})
