/** What we write is a VMDK for somebody else's reader too. Needs qemu-img (Debian package qemu-utils). */
import { execFileSync } from 'node:child_process'
import test from 'ava'
import { writeVmdk } from '../../../ova/vmdk.ts'
import { type Patch, writeRawDisk } from '../../unit/ova/support/raw-disk.ts'
import { createScratch } from '../../unit/ova/support/scratch.ts'

const mib = 1024 * 1024
const qemuImg = (...args: string[]) => execFileSync('qemu-img', args, { encoding: 'utf8' })

const readable = test.macro(async (t, capacityBytes: number, patches: Patch[]) => {
  const scratch = await createScratch(t)
  const [raw, vmdk, back] = [scratch('raw'), scratch('disk.vmdk'), scratch('back')]
  await writeRawDisk(raw, capacityBytes, patches)
  await writeVmdk(raw, vmdk, { fileName: 'disk.vmdk' })
  t.regex(qemuImg('check', '-f', 'vmdk', vmdk), /No errors were found/)
  t.regex(qemuImg('compare', '-f', 'raw', '-F', 'vmdk', raw, vmdk), /Images are identical/)
  qemuImg('convert', '-f', 'vmdk', '-O', 'raw', vmdk, back)
  t.regex(qemuImg('compare', '-f', 'raw', '-F', 'raw', raw, back), /Images are identical/)
  const info: unknown = JSON.parse(qemuImg('info', '--output', 'json', vmdk))
  t.like(info, { 'virtual-size': capacityBytes, 'format-specific': { data: { 'create-type': 'streamOptimized' } } })
})

test('an empty disk', readable, 64 * mib, [])
test('a disk of one sector', readable, 512, [{ byte: 0, seed: 'x', bytes: 512 }])
test('a disk that does not end with a grain', readable, 33 * mib + 512, [
  { byte: 33 * mib - 100, seed: 'x', bytes: 612 },
])
test('data at table borders', readable, 100 * mib, [
  { byte: 32 * mib - 70_000, seed: 'a', bytes: 140_000 },
  { byte: 96 * mib, seed: 'b', bytes: 1 },
])
test('three GiB with data at both ends', readable, 3072 * mib, [
  { byte: 0, seed: 'a', bytes: 5 * mib },
  { byte: 3071 * mib, seed: 'b', bytes: mib },
])
