/** Service accounts: what clients send, what is stored, and what they get back. */
import { createPublicKey } from 'node:crypto'
import { type Static, Type } from '@sinclair/typebox'
import type { Entity } from '../core/entity.ts'
import { dispatchError } from '../core/errors.ts'
import { kind, seconds, shown, shownKind, status, uuid } from '../http/shapes.ts'
import { exampleKey } from './example-key.ts'

const accountName = { pattern: '^[\\w\\d\\-\\.]+$' }
const publicKey = Type.String({ description: 'Base64 of a PEM text with an RSA public key of 2048 bits or more' })

export const accountNameInPath = Type.Object({
  serviceAccountName: Type.String({ ...accountName, description: 'Name of a service account', examples: ['robot'] }),
})

export const accountBody = Type.Object(
  {
    domain: Type.Optional(Type.String({ ...accountName, readOnly: true, description: 'Ignored' })),
    id: uuid,
    kind,
    name: Type.String({
      ...accountName,
      description: 'Unique in its organization among service accounts; it cannot be changed',
    }),
    publicKey,
    status,
  },
  { title: 'ServiceAccountBody', examples: [{ name: 'robot', publicKey: exampleKey }] },
)
export type AccountBody = Static<typeof accountBody>

export const shownAccount = Type.Object(
  {
    id: shown.id,
    kind: shownKind('ServiceAccount'),
    name: shown.name,
    publicKey,
    status: shown.status,
    createdTime: shown.createdTime,
    modifiedTime: seconds('When it was last changed'),
  },
  { title: 'ServiceAccount' },
)

export interface ServiceAccount extends Entity {
  /** Base64 of PEM, as it was sent: `checkPublicKey` found it good. */
  publicKey: string
}

const minBits = 2048
const base64 = /^[A-Za-z0-9+/\s]+={0,2}\s*$/
const refusal = (cause: string) => dispatchError('ACCOUNT_REFUSED', { cause })

function parseKey(pem: string) {
  try {
    return createPublicKey(pem)
  } catch {
    return undefined
  }
}

/** Throws the DispatchError that says what is wrong with it. */
export function checkPublicKey(text: string): void {
  if (!base64.test(text)) throw refusal('public key is not base64 encoded')
  const pem = Buffer.from(text, 'base64').toString()
  // A private key has a public one in it: whoever sends one has taken the wrong file, and must hear of it.
  const key = pem.includes('PRIVATE KEY') ? undefined : parseKey(pem)
  if (key?.asymmetricKeyType !== 'rsa') throw refusal('invalid public key or public key not in PEM format')
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
  if (bits < minBits) throw refusal(`an RSA key of ${bits} bits is too short, make one of ${minBits} bits or more`)
}

export const renderAccount = (entity: ServiceAccount): Static<typeof shownAccount> => ({
  id: entity.id,
  kind: 'ServiceAccount',
  name: entity.name,
  publicKey: entity.publicKey,
  status: entity.status,
  createdTime: entity.createdTimeSeconds,
  modifiedTime: entity.modifiedTimeSeconds,
})
