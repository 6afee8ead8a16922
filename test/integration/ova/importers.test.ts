/** What qemu-img writes and what we write, as importers take it. Needs qemu-img (Debian package qemu-utils). */
import { execFileSync } from 'node:child_process'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import test from 'ava'
import { digestDiskStream } from '../../helpers/importers/ovftool.ts'
import { writeRawDisk } from '../../unit/ova/support/raw-disk.ts'
import { createScratch } from '../../unit/ova/support/scratch.ts'
import { packSample } from '../../unit/ova/support/spoil.ts'

const qemuImg = (...args: string[]) => execFileSync('qemu-img', args, { encoding: 'utf8' })

test('the disk of a packed .ova has no errors, and is the raw disk bit by bit', async t => {
  const scratch = await createScratch(t)
  const { ovaPath } = await packSample(scratch)
  execFileSync('tar', ['-xf', ovaPath, '-C', scratch('')])
  const vmdk = scratch('sample-disk1.vmdk')
  t.regex(qemuImg('check', '-f', 'vmdk', vmdk), /No errors were found/)
  t.regex(qemuImg('compare', '-f', 'raw', '-F', 'vmdk', scratch('raw'), vmdk), /Images are identical/)
})

test('the disk of qemu-img ends before its file does for who reads it as a stream: hence a writer of our own', async t => {
  const scratch = await createScratch(t)
  const [raw, vmdk] = [scratch('raw'), scratch('vmdk')]
  await writeRawDisk(raw, 64 * 1024 * 1024, [{ byte: 0, seed: 'a', bytes: 200_000 }])
  qemuImg('convert', '-f', 'raw', '-O', 'vmdk', '-o', 'subformat=streamOptimized', raw, vmdk)
  const { bytes } = await digestDiskStream(createReadStream(vmdk))
  t.true(bytes < (await stat(vmdk)).size)
})
