import { readFile, truncate, writeFile } from 'node:fs/promises'
import test from 'ava'
import fc from 'fast-check'
import { writeVmdk } from '../../../ova/vmdk.ts'
import { writeRawDisk } from './support/raw-disk.ts'
import { readVmdk } from './support/read-vmdk.ts'
import { createScratch } from './support/scratch.ts'

const mib = 1024 * 1024
const patches = fc.array(
  fc.record({
    byte: fc.integer({ min: 0, max: 40 * mib }),
    seed: fc.string(),
    bytes: fc.oneof(fc.integer({ min: 1, max: 600 }), fc.integer({ min: 60_000, max: 300_000 })),
  }),
  { maxLength: 6 },
)
const capacity = fc.integer({ min: 1, max: (40 * mib) / 512 }).map(sectors => sectors * 512)

test('a disk written twice gives equal files, and reading one back gives the disk bit by bit', async t => {
  const scratch = await createScratch(t)
  const [raw, once, twice] = [scratch('raw'), scratch('once.vmdk'), scratch('twice.vmdk')]
  await fc.assert(
    fc.asyncProperty(capacity, patches, async (capacityBytes, places) => {
      await writeRawDisk(raw, capacityBytes, places)
      const facts = await writeVmdk(raw, once, { fileName: 'disk.vmdk' })
      t.deepEqual(await writeVmdk(raw, twice, { fileName: 'disk.vmdk' }), facts)
      const vmdk = await readFile(once)
      t.true(vmdk.equals(await readFile(twice)))
      t.true(readVmdk(vmdk).equals(await readFile(raw)))
      t.is(facts.capacityBytes, capacityBytes)
    }),
    { numRuns: 25 },
  )
})

test('an empty disk is header, descriptor, directory, footer and end of stream', async t => {
  const scratch = await createScratch(t)
  await writeRawDisk(scratch('raw'), 64 * mib, [])
  const facts = await writeVmdk(scratch('raw'), scratch('vmdk'), { fileName: 'disk.vmdk' })
  t.is(facts.populatedBytes, 0)
  t.is((await readFile(scratch('vmdk'))).length, (21 + 2 + 2 + 1) * 512)
})

test('the header is that of version 3 with markers, and points to the footer', async t => {
  const scratch = await createScratch(t)
  await writeRawDisk(scratch('raw'), 64 * mib, [{ byte: 5 * mib, seed: 'x', bytes: 100 }])
  await writeVmdk(scratch('raw'), scratch('vmdk'), { fileName: 'disk.vmdk' })
  const vmdk = await readFile(scratch('vmdk'))
  const header =
    '4b444d56 03000000 01000300 0000020000000000 8000000000000000 0100000000000000 1400000000000000 00020000' +
    '0000000000000000 ffffffffffffffff 1500000000000000 00 0a200d0a 0100'
  t.is(vmdk.toString('hex', 0, 79), header.replaceAll(' ', ''))
  t.deepEqual(vmdk.subarray(-512), Buffer.alloc(512))
  const footer = vmdk.subarray(-1024, -512)
  t.deepEqual(
    Buffer.concat([footer.subarray(0, 56), footer.subarray(64)]),
    Buffer.concat([vmdk.subarray(0, 56), vmdk.subarray(64, 512)]),
  )
})

test('the CID comes from the content: the place of a byte changes it, the name of the file does not', async t => {
  const scratch = await createScratch(t)
  const cidOf = async (byte: number, fileName: string) => {
    await writeRawDisk(scratch('raw'), mib, [{ byte, seed: 'same', bytes: 32 }])
    const { cid } = await writeVmdk(scratch('raw'), scratch('vmdk'), { fileName })
    t.true((await readFile(scratch('vmdk'))).includes(`CID=${cid}\nparentCID=ffffffff\n`))
    return cid
  }
  const cid = await cidOf(0, 'a.vmdk')
  t.is(await cidOf(0, 'b.vmdk'), cid)
  t.not(await cidOf(65536, 'a.vmdk'), cid)
})

test('progress goes up to the whole disk', async t => {
  const scratch = await createScratch(t)
  await writeRawDisk(scratch('raw'), 3 * mib + 512, [])
  const seen: number[] = []
  const onProgress = (doneBytes: number) => seen.push(doneBytes)
  await writeVmdk(scratch('raw'), scratch('vmdk'), { fileName: 'disk.vmdk', onProgress })
  t.deepEqual(seen, [mib, 2 * mib, 3 * mib, 3 * mib + 512])
})

test('what is no disk is refused with its size', async t => {
  const scratch = await createScratch(t)
  for (const bytes of [0, 511, 513]) {
    await writeFile(scratch('raw'), Buffer.alloc(bytes))
    const refused = writeVmdk(scratch('raw'), scratch('vmdk'), { fileName: 'disk.vmdk' })
    await t.throwsAsync(refused, { message: new RegExp(`has ${bytes} bytes, which is no disk`) })
  }
})

test('a disk that shrinks while it is read is an error, not a shorter disk', async t => {
  const scratch = await createScratch(t)
  await writeRawDisk(scratch('raw'), 64 * mib, [{ byte: 0, seed: 'x', bytes: 8 * mib }])
  let shrunk: Promise<void> | undefined
  const onProgress = () => {
    shrunk ??= truncate(scratch('raw'), 16 * mib)
  }
  const refused = writeVmdk(scratch('raw'), scratch('vmdk'), { fileName: 'disk.vmdk', onProgress })
  await t.throwsAsync(refused, { message: /ended at byte 16777216 while it was read/ })
  await shrunk
})

test('a folder that cannot be written is an error', async t => {
  const scratch = await createScratch(t)
  await writeRawDisk(scratch('raw'), 8 * mib, [{ byte: 0, seed: 'x', bytes: 8 * mib }])
  const refused = writeVmdk(scratch('raw'), scratch('none/vmdk'), { fileName: 'disk.vmdk' })
  await t.throwsAsync(refused, { code: 'ENOENT' })
})
