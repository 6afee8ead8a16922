import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import test from 'ava'
import fc from 'fast-check'
import { writeVmdk } from '../../../../ova/vmdk.ts'
import { digestDiskStream } from '../../../helpers/importers/ovftool.ts'
import { writeRawDisk } from '../support/raw-disk.ts'
import { createScratch } from '../support/scratch.ts'

const mib = 1024 * 1024

async function* cut(data: Buffer, chunkBytes: number) {
  for (let at = 0; at < data.length; at += chunkBytes) yield data.subarray(at, at + chunkBytes)
}

test('the digest of the stream is that of the whole file, wherever the last grain ends', async t => {
  const scratch = await createScratch(t)
  const disk = fc.record({ byte: fc.integer({ min: 0, max: 4 * mib }), bytes: fc.integer({ min: 1, max: 300_000 }) })
  await fc.assert(
    fc.asyncProperty(
      fc.array(disk, { maxLength: 4 }),
      fc.integer({ min: 100, max: 100_000 }),
      async (places, chunk) => {
        await writeRawDisk(
          scratch('raw'),
          4 * mib,
          places.map(place => ({ ...place, seed: 's' })),
        )
        await writeVmdk(scratch('raw'), scratch('vmdk'), { fileName: 'disk.vmdk' })
        const file = await readFile(scratch('vmdk'))
        const { sha256, bytes } = await digestDiskStream(cut(file, chunk))
        t.is(bytes, file.length)
        t.is(sha256, createHash('sha256').update(file).digest('hex'))
      },
    ),
    { numRuns: 30 },
  )
})

test('a disk without its end is followed to nowhere', async t => {
  const scratch = await createScratch(t)
  await writeRawDisk(scratch('raw'), mib, [{ byte: 0, seed: 'a', bytes: mib }])
  await writeVmdk(scratch('raw'), scratch('vmdk'), { fileName: 'disk.vmdk' })
  const file = await readFile(scratch('vmdk'))
  await t.throwsAsync(digestDiskStream(cut(file.subarray(0, -512), 4096)), { message: /ends before its end-of-stream/ })
})
