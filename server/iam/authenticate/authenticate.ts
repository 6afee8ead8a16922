/** Who a request comes from. */
import { type Asked, local, type Principal } from '../../core/access.ts'
import type { Kind } from '../../core/entity.ts'
import { dispatchError } from '../../core/errors.ts'
import type { Change } from '../../store/port.ts'
import { createProvenCache } from './cache.ts'
import type { ProveCertificate } from './certificate.ts'
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
  proveCertificate: ProveCertificate
  nowMs(): number
}

const maxEntries = 10_000
const maxHeaderLength = 4096

/** What credentials are proved by, and which changes of it count: a token is only ever made, noted as used, and removed. */
const proving: Partial<Record<Kind, 'always' | 'removed'>> = {
  Token: 'removed',
  Session: 'removed',
  ServiceAccount: 'always',
  User: 'always',
}

function demand(proven: Proven | undefined): Proven {
  if (!proven) throw dispatchError('UNAUTHENTICATED', {})
  return proven
}

export function createAuthenticator({ proofs, proveCertificate, nowMs }: AuthenticatorOptions): Authenticator {
  const cache = createProvenCache({ maxEntries, maxHeaderLength, nowMs })
  /** Apart: no header may stand for a certificate. */
  const certified = createProvenCache({ maxEntries, maxHeaderLength, nowMs })
  const refuse = createRefuse(nowMs)

  const prove = async (claim: Claim): Promise<Proven> => {
    const credential = readCredential(claim)
    if (credential === undefined) throw dispatchError('UNAUTHENTICATED', {})
    try {
      return demand(await proofs.find(({ fits }) => fits(credential))?.prove(credential))
    } catch (thrown) {
      throw refuse(claim, thrown)
    }
  }

  /** No header has a new line, so that nothing is known as a cookie that is none. Clients of the original send a cookie whatever they are told, so that it says less than a certificate. */
  const find = (claim: Claim): Proven | Promise<Proven> => {
    const { certificateName } = claim.peer
    if (certificateName === '' || claim.authorization !== '')
      return cache.find(claim.authorization || `\n${claim.cookie}`, () => prove(claim))
    return certified.find(certificateName, async () => demand(await proveCertificate(certificateName)))
  }

  return {
    authenticate: claim => {
      if (claim.peer.isLocal) return local
      const found = find(claim)
      return found instanceof Promise ? found.then(({ principal }) => principal) : found.principal
    },
    follow: ({ kind, removed }) => {
      const counts = proving[kind]
      if (counts !== 'always' && !(counts === 'removed' && removed)) return
      cache.clear()
      certified.clear()
    },
  }
}
