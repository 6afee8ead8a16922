/** Secrets as runs see them: the SecretReader port. */
import type { Entity } from '../core/entity.ts'
import { dispatchError } from '../core/errors.ts'
import type { SecretReader } from '../core/ports.ts'
import type { Collection } from '../store/port.ts'

export interface Secret extends Entity {
  values: Record<string, string>
}

export const createSecretReader = (secrets: Collection<Secret>): SecretReader => ({
  read: async (org, names) => {
    const merged: Record<string, string> = {}
    for (const name of names) {
      const secret = await secrets.get(org, name)
      if (!secret) throw dispatchError('NOT_FOUND', { kind: 'secret', name })
      Object.assign(merged, secret.values)
    }
    return merged
  },
})
