/** Streams of objects are read to their end. */
import test from 'ava'
import fc from 'fast-check'
import { readJsonLines } from '../../../../server/docker/stream.ts'

async function* inChunks(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

test('objects come out whatever the chunks, also the last one without its newline', async t => {
  const property = fc.asyncProperty(
    fc.array(fc.dictionary(fc.string(), fc.string({ unit: 'grapheme' }))),
    fc.integer({ min: 1, max: 9 }),
    async (objects, size) => {
      const text = objects.map(object => JSON.stringify(object)).join('\r\n')
      const lines: Record<string, unknown>[] = []
      await readJsonLines(inChunks(Buffer.from(text), size), line => lines.push(line))
      t.is(JSON.stringify(lines), JSON.stringify(objects))
    },
  )
  await t.notThrowsAsync(fc.assert(property))
})
