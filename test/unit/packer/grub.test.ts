import test from 'ava'
import fc from 'fast-check'
import { renderBootCode, renderCore } from '../../../packer/grub.ts'

test('the boot code leaves room for the partition table and names the sector of core.img', t => {
  const code = renderBootCode(Buffer.alloc(512, 0xee), 2048)
  t.is(code.length, 440)
  t.is(code.readBigUInt64LE(0x5c), 2048n)
  t.is(code.readUInt16LE(0x66), 0x9090)
})

test('core.img is whole sectors, and its block list covers all but the first', t => {
  fc.assert(
    fc.property(fc.integer({ min: 513, max: 200_000 }), fc.integer({ min: 1, max: 2 ** 40 }), (bytes, sector) => {
      const core = renderCore(Buffer.alloc(bytes, 0xee), sector)
      t.is(core.length % 512, 0)
      t.is(core.readBigUInt64LE(500), BigInt(sector) + 1n)
      t.is(core.readUInt16LE(508), core.length / 512 - 1)
      t.is(core.readUInt16LE(510), 0x820)
      t.is(core.length - bytes < 512, true)
    }),
  )
})
