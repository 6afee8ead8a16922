/** Who a request comes from. */
import { type Asked, local, type Principal } from '../../core/access.ts'
import type { Kind } from '../../core/entity.ts'
import { dispatchError } from '../../core/errors.ts'
import type { Change } from '../../store/port.ts'
import { createProvenCache } from './cache.ts'
import { readCredential } from './credentials.ts'
import type { Proof, Proven } from './proof.ts'
import { createRefuse } from './refusals.ts'

export type Claim = Pick<Asked, 'authorization' | 'cookie' | 'peer'>

export interface Authenticator {
  /** Throws, or rejects with, the DispatchError that says why nobody is known by it. The same credential has the same object for a while. */
  authenticate(claim: Claim): Principal | Promise<Principal>
  /** From then on nothing counts that the change may have made untrue. */
  follow(change: Pick<Change, 'kind' | 'removed'>): void
}

export interface AuthenticatorOptions {
  proofs: readonly Proof[]
  nowMs(): number
}

const maxEntries = 10_000
const maxHeaderLength = 4096

/** What credentials are proved by, and which changes of it count: a token is only ever made, noted as used, and removed. */
const proving: Partial<Record<Kind, 'always' | 'removed'>> = {
  Token: 'removed',
  Session: 'removed',
  ServiceAccount: 'always',
  User: 'removed',
}

export function createAuthenticator({ proofs, nowMs }: AuthenticatorOptions): Authenticator {
  const cache = createProvenCache({ maxEntries, maxHeaderLength, nowMs })
  const refuse = createRefuse(nowMs)

  const prove = async (claim: Claim): Promise<Proven> => {
    const credential = readCredential(claim)
    if (credential === undefined) throw dispatchError('UNAUTHENTICATED', {})
    try {
      const proven = await proofs.find(({ fits }) => fits(credential))?.prove(credential)
      if (proven) return proven
      throw dispatchError('UNAUTHENTICATED', {})
    } catch (thrown) {
      throw refuse(claim, thrown)
    }
  }

  return {
    authenticate: claim => {
      if (claim.peer.isLocal) return local
      const found = cache.find(claim.authorization || claim.cookie, () => prove(claim))
      return found instanceof Promise ? found.then(({ principal }) => principal) : found.principal
    },
    follow: ({ kind, removed }) => {
      const counts = proving[kind]
      if (counts === 'always' || (counts === 'removed' && removed)) cache.clear()
    },
  }
}
