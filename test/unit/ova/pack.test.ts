import { createHash } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import test from 'ava'
import type { PackProgress } from '../../../ova/pack.ts'
import { createScratch } from './support/scratch.ts'
import { packSample, unpack } from './support/spoil.ts'

test('equal input gives equal bytes, and the facts are those of the file', async t => {
  const [one, other] = [await createScratch(t), await createScratch(t)]
  const { ovaPath, facts } = await packSample(one)
  const ova = await readFile(ovaPath)
  t.true(ova.equals(await readFile((await packSample(other)).ovaPath)))
  t.is(facts.bytes, ova.length)
  t.is(facts.sha256, createHash('sha256').update(ova).digest('hex'))
  t.deepEqual(
    unpack(ova).map(({ name }) => name),
    ['sample.ovf', 'sample.mf', 'sample-disk1.vmdk'],
  )
  t.deepEqual((await readdir(dirname(ovaPath))).sort(), ['raw', 'sample.ova'])
})

test('a failure leaves nothing behind and the former file as it was', async t => {
  const scratch = await createScratch(t)
  await writeFile(scratch('sample.ova'), 'former')
  await writeFile(scratch('short'), 'x')
  const failures = [
    packSample(scratch, { rawPath: scratch('none') }),
    packSample(scratch, { rawPath: scratch('short') }),
    packSample(scratch, { facts: { name: 'NOT A NAME', version: '1', cpus: 1, memoryMib: 1 } }),
  ]
  for (const failure of failures) await t.throwsAsync(failure)
  t.deepEqual((await readdir(dirname(scratch('raw')))).sort(), ['raw', 'sample.ova', 'short'])
  t.is(await readFile(scratch('sample.ova'), 'utf8'), 'former')
})

test('work files of a killed run do not matter', async t => {
  const scratch = await createScratch(t)
  await writeFile(scratch('sample.ova.partial'), Buffer.alloc(1e6, 1))
  await writeFile(scratch('sample.ova.vmdk.partial'), Buffer.alloc(1e6, 1))
  const { ovaPath, facts } = await packSample(scratch)
  t.is((await readFile(ovaPath)).length, facts.bytes)
})

test('both steps report their progress up to the end', async t => {
  const last = new Map<string, PackProgress>()
  await packSample(await createScratch(t), { onProgress: progress => last.set(progress.step, progress) })
  t.deepEqual([...last.keys()], ['compress disk', 'write archive'])
  for (const { doneBytes, totalBytes } of last.values()) t.is(doneBytes, totalBytes)
})

test('another ending than .ova is refused', async t => {
  const scratch = await createScratch(t)
  await t.throwsAsync(packSample(scratch, { ovaPath: scratch('sample.tar') }), { message: /does not end in \.ova/ })
})
