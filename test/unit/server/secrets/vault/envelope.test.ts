/** Envelopes open with their key, at their place, as they were sealed; and not otherwise. */
import test from 'ava'
import fc from 'fast-check'
import { open, seal } from '../../../../../server/secrets/vault/envelope.ts'
import { createKey } from '../../../../../server/secrets/vault/key.ts'

const place = '["Secret","dispatch","mail","1"]'
const refusal = { message: 'it was changed outside of Dispatch, or put in the place of another' }

test('any text comes back, and is not to be seen in its envelope', t => {
  const key = createKey()
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 8 }), fc.string(), (text, anyPlace) => {
      const envelope = seal(text, key, anyPlace)
      t.is(envelope.key, key.id)
      t.is(open(envelope, key, anyPlace), text)
      t.false(Buffer.from(envelope.box, 'base64').includes(text))
    }),
    { numRuns: 200 },
  )
})

test('the same text is never sealed the same way twice', t => {
  const key = createKey()
  const boxes = Array.from({ length: 100 }, () => seal('OpenSesame', key, place).box)
  t.is(new Set(boxes).size, boxes.length)
})

test('an envelope with any of its bits changed does not open', t => {
  const key = createKey()
  const { box } = seal('OpenSesame', key, place)
  const bytes = Buffer.from(box, 'base64')
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const changed = Buffer.from(bytes)
    changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
    t.throws(() => open({ key: key.id, box: changed.toString('base64') }, key, place), refusal, `bit ${bit}`)
  }
})

test('an envelope that was cut short does not open', t => {
  const key = createKey()
  const bytes = Buffer.from(seal('OpenSesame', key, place).box, 'base64')
  for (let length = 0; length < bytes.length; length++)
    t.throws(() => open({ key: key.id, box: bytes.toString('base64', 0, length) }, key, place), refusal)
})

test('an envelope opens neither at another place nor with another key', t => {
  const key = createKey()
  const envelope = seal('OpenSesame', key, place)
  t.throws(() => open(envelope, key, place.replace('mail', 'other')), refusal)
  t.throws(() => open(envelope, createKey(), place), refusal)
})
