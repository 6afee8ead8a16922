/** What containers print comes out as lines, each with its stream, whatever the frames and chunks. */
import test from 'ava'
import fc from 'fast-check'
import { createLineSplitter, readFrames, readPrinted } from '../../../../server/docker/printed.ts'

async function* inChunks(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

function frame(stream: 'stdout' | 'stderr', bytes: Uint8Array): Buffer {
  const header = Buffer.alloc(8)
  header[0] = stream === 'stderr' ? 2 : 1
  header.writeUInt32BE(bytes.length, 4)
  return Buffer.concat([header, bytes])
}

async function linesOf(bytes: Buffer, chunkBytes = 1024): Promise<string[]> {
  const lines: string[] = []
  const splitter = createLineSplitter((stream, line) => lines.push(`${stream} ${line}`))
  await readFrames(inChunks(bytes, chunkBytes), splitter.write)
  splitter.end()
  return lines
}

test('lines come out whole, whatever the frames and chunks', async t => {
  const text = fc.string({ unit: 'grapheme' }).map(line => line.replaceAll(/[\r\n]/g, ''))
  const cuts = { frameBytes: fc.integer({ min: 1, max: 7 }), chunkBytes: fc.integer({ min: 1, max: 20 }) }
  const property = fc.asyncProperty(fc.array(text), fc.record(cuts), async (lines, { frameBytes, chunkBytes }) => {
    const bytes = Buffer.from(lines.map(line => `${line}\n`).join(''))
    const frames: Buffer[] = []
    for await (const part of inChunks(bytes, frameBytes)) frames.push(frame('stdout', part))
    t.deepEqual(
      await linesOf(Buffer.concat(frames), chunkBytes),
      lines.map(line => `stdout ${line}`),
    )
  })
  await t.notThrowsAsync(fc.assert(property, { numRuns: 200 }))
})

test('streams do not get into each other, and what nothing ends comes last', async t => {
  const bytes = ['out', 'err 1\nerr 2', ' goes on\r\n'].map((text, index) =>
    frame(index === 1 ? 'stderr' : 'stdout', Buffer.from(text)),
  )
  t.deepEqual(await linesOf(Buffer.concat(bytes)), ['stderr err 1', 'stdout out goes on', 'stderr err 2'])
  t.is(await readPrinted(inChunks(Buffer.concat(bytes), 3)), 'outerr 1\nerr 2 goes on\r\n')
})

test('of a line without end the beginning is kept, and no more', async t => {
  const long = frame('stdout', Buffer.alloc(100_000, 'x'))
  const [line = '', next] = await linesOf(Buffer.concat([long, long, frame('stdout', Buffer.from('y\nshort\n'))]), 8192)
  t.is(line, `stdout ${'x'.repeat(8192)}`)
  t.is(next, 'stdout short')
})

test('a frame that breaks off is left out', async t => {
  const whole = frame('stdout', Buffer.from('a\n'))
  t.deepEqual(await linesOf(Buffer.concat([whole, whole.subarray(0, 9)])), ['stdout a'])
})
