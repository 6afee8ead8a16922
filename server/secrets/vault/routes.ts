/** The REST operation that gives the vault another key. */
import { Type } from '@sinclair/typebox'
import { jsonReply, type Operation, operation } from '../../http/operation.ts'
import type { Vault } from './vault.ts'

const rotation = Type.Object(
  {
    key: Type.String({ description: 'Id of the new key' }),
    records: Type.Integer({ description: 'How many records were sealed anew' }),
  },
  { title: 'KeyRotation' },
)

export const createKeyOperation = (vault: Pick<Vault, 'rotate'>): Operation =>
  operation({
    id: 'rotateKeys',
    group: 'identities',
    method: 'POST',
    path: '/v1/iam/key',
    summary: 'Give the vault another key',
    description:
      'All that is secret, of every organization, is sealed anew with it, and the former key is removed from the key file. Requests are answered meanwhile.',
    anyOrganization: true,
    answers: { 200: { description: 'What was done', schema: rotation } },
    errors: ['KEYS_ROTATING', 'KEYS_GIVEN', 'SEAL_BROKEN', 'DISK_FULL', 'INTERNAL'],
    handle: async () => jsonReply(200, await vault.rotate()),
  })
