/** Secrets as runs see them: the SecretReader port. */
import { dispatchError } from '../core/errors.ts'
import type { SecretReader } from '../core/ports.ts'
import type { Collection } from '../store/port.ts'
import type { Secret } from './schema.ts'

export const createSecretReader = (secrets: Collection<Secret>): SecretReader => ({
  read: async (org, names) => {
    const merged = new Map<string, string>()
    for (const name of names) {
      const secret = await secrets.get(org, name)
      if (!secret) throw dispatchError('NOT_FOUND', { kind: 'secret', name })
      for (const [key, value] of Object.entries(secret.values)) merged.set(key, value)
    }
    return Object.fromEntries(merged)
  },
})
