import test from 'ava'
import { findPacked } from '../../../boot/firmware.ts'

const guid = Buffer.from('98584eee143959429d6edc7bd79403cf', 'hex')
const data = Buffer.from('packed')
const begin24 = Buffer.from([24, 0, 1, 0])

/** Size (3 bytes), type 2, GUID, place of the data, attributes, data. */
function section(type: number): Buffer {
  const size = Buffer.from([4 + 16 + 4 + data.length, 0, 0])
  return Buffer.concat([size, Buffer.from([type]), guid, begin24, data])
}

function largeSection(): Buffer {
  const size = Buffer.alloc(4)
  size.writeUInt32LE(8 + 16 + 4 + data.length)
  return Buffer.concat([Buffer.from([255, 255, 255, 2]), size, guid, Buffer.from([28, 0, 1, 0]), data])
}

test('packed sections are found with their exact bytes, small and large ones', t => {
  const image = Buffer.concat([Buffer.alloc(64), section(2), Buffer.alloc(40), largeSection(), Buffer.alloc(64)])
  t.deepEqual(findPacked(image).map(String), ['packed', 'packed'])
})

test('a GUID that begins no section is passed over', t => {
  t.deepEqual(findPacked(Buffer.concat([Buffer.alloc(64), section(0x19), Buffer.alloc(64)])), [])
})
