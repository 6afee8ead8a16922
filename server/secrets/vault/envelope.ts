/**
 * Envelopes: a text sealed with a data key of its own, which is sealed with one of the vault's keys. AES-256-GCM both times,
 * bound to the place that the envelope lies at, so that none can be put in the place of another.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { SealKey } from './key.ts'

const algorithm = 'aes-256-gcm'
const dataKeyBytes = 32
const ivBytes = 12
const tagBytes = 16
const wrappedBytes = ivBytes + tagBytes + dataKeyBytes

/** `key`: the id of the one that it was sealed with. `box`: base64 of the sealed data key, then of the sealed text. */
export interface Envelope {
  key: string
  box: string
}

/** Initialization vector, tag, content. */
function encrypt(key: Buffer, plain: Buffer, place: string): Buffer {
  const iv = randomBytes(ivBytes)
  const cipher = createCipheriv(algorithm, key, iv, { authTagLength: tagBytes }).setAAD(Buffer.from(place))
  const content = [cipher.update(plain), cipher.final()]
  return Buffer.concat([iv, cipher.getAuthTag(), ...content])
}

function decrypt(key: Buffer, sealed: Buffer, place: string): Buffer {
  const iv = sealed.subarray(0, ivBytes)
  const decipher = createDecipheriv(algorithm, key, iv, { authTagLength: tagBytes }).setAAD(Buffer.from(place))
  decipher.setAuthTag(sealed.subarray(ivBytes, ivBytes + tagBytes))
  return Buffer.concat([decipher.update(sealed.subarray(ivBytes + tagBytes)), decipher.final()])
}

export function seal(text: string, { id, bytes }: SealKey, place: string): Envelope {
  const dataKey = randomBytes(dataKeyBytes)
  const box = Buffer.concat([
    encrypt(bytes, dataKey, `key of ${place}`),
    encrypt(dataKey, Buffer.from(text), `text of ${place}`),
  ])
  return { key: id, box: box.toString('base64') }
}

/** Throws an Error when it was sealed with another key, for another place, or was changed. */
export function open({ box }: Envelope, { bytes }: SealKey, place: string): string {
  const sealed = Buffer.from(box, 'base64')
  try {
    const dataKey = decrypt(bytes, sealed.subarray(0, wrappedBytes), `key of ${place}`)
    return decrypt(dataKey, sealed.subarray(wrappedBytes), `text of ${place}`).toString()
  } catch {
    throw new Error('it was changed outside of Dispatch, or put in the place of another')
  }
}
