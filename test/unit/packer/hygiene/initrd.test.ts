/** Initial ramdisks as their makers write them, made here: what is in them is found, and what is not is named. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import test from 'ava'
import fc from 'fast-check'
import { listCpio } from '../../../../packer/hygiene/cpio.ts'
import { checkInitrds, findMissing } from '../../../../packer/hygiene/initrd.ts'

const padded = (data: Buffer): Buffer => Buffer.concat([data, Buffer.alloc((4 - (data.length % 4)) % 4)])

function member(name: string, content = ''): Buffer {
  const [nameBytes, fileBytes] = [Buffer.byteLength(name) + 1, Buffer.byteLength(content)]
  const fields = [1, 0o100644, 0, 0, 1, 0, fileBytes, 0, 0, 0, 0, nameBytes, 0]
  const header = `070701${fields.map(value => value.toString(16).padStart(8, '0')).join('')}`
  return Buffer.concat([padded(Buffer.from(`${header}${name}\0`)), padded(Buffer.from(content))])
}

const cpio = (...names: string[]): Buffer =>
  Buffer.concat([...names.map(name => member(name, `content of ${name}`)), member('TRAILER!!!'), Buffer.alloc(300)])

const drivers = 'usr/lib/modules/6.12/kernel/drivers'
const fusion = `${drivers}/message/fusion/mptspi.ko.xz`

test('names are found in every archive of an image, whatever the last is compressed with', t => {
  const early = cpio('kernel/x86/microcode/GenuineIntel.bin')
  for (const compress of [zstdCompressSync, gzipSync, (data: Buffer) => data]) {
    const image = Buffer.concat([early, compress(cpio('init', fusion))])
    t.deepEqual(listCpio(image), ['kernel/x86/microcode/GenuineIntel.bin', 'init', fusion])
  }
})

test('any names come back', t => {
  const name = fc.string({ unit: 'grapheme', minLength: 1 }).filter(text => !text.includes('\0'))
  fc.assert(fc.property(fc.array(name), names => t.deepEqual(listCpio(cpio(...names)), names)))
})

test('what is no image is said to be none, and so is half of one', t => {
  t.throws(() => listCpio(Buffer.from('not a cpio archive')), { message: /at byte 0 begins no member/ })
  t.throws(() => listCpio(member('init', 'content').subarray(0, -4)), { message: /ends inside the member at byte 0/ })
  t.throws(() => listCpio(zstdCompressSync(cpio('init')).subarray(0, -20)))
})

test('a module is there as a file, compressed or not, or in the kernel itself; folders of its name are none', t => {
  const files = [fusion, `${drivers}/usb/host/xhci-pci.ko`, `${drivers}/nvme/host/nvme.ko.zst`, `${drivers}/ata/ahci/x`]
  const builtin = 'kernel/drivers/virtio/virtio_pci.ko\n'
  const wanted = ['mptspi', 'xhci_pci', 'nvme', 'virtio_pci', 'ahci', 'mptsas']
  t.deepEqual(findMissing(wanted, cpio(...files), builtin), ['ahci', 'mptsas'])
})

test('every image of a tree is opened, and what one lacks is named with it', async t => {
  const tree = await mkdtemp(join(tmpdir(), 'initrd-'))
  t.teardown(() => rm(tree, { recursive: true }))
  await t.throwsAsync(checkInitrds(tree, ['mptspi']), { message: /no \/boot\/initrd\.img-\*/ })
  const add = async (release: string, ...names: string[]) => {
    await mkdir(join(tree, 'usr/lib/modules', release), { recursive: true })
    await writeFile(join(tree, 'usr/lib/modules', release, 'modules.builtin'), 'kernel/fs/ext4/ext4.ko\n')
    await mkdir(join(tree, 'boot'), { recursive: true })
    await writeFile(join(tree, `boot/initrd.img-${release}`), zstdCompressSync(cpio(...names)))
  }
  await add('6.12', fusion)
  await checkInitrds(tree, ['mptspi', 'ext4'])
  await add('6.13', 'init')
  await t.throwsAsync(checkInitrds(tree, ['mptspi', 'ext4']), {
    message: /initrd\.img-6\.13 lacks modules .*: mptspi;/,
  })
  await checkInitrds(tree, [])
})
