/** Who may do what, wired: what lets requests in, and the operations on what that goes by. */
import type { AppOptions } from './app-options.ts'
import type { Collections } from './collections.ts'
import type { Allows, Gate } from './core/access.ts'
import { msOf } from './core/clock.ts'
import type { Log } from './core/ports.ts'
import type { KindContext } from './core/verbs.ts'
import type { Operation } from './http/operation.ts'
import { createAccountOperations } from './iam/account-routes.ts'
import { createAuthOperations } from './iam/auth-routes.ts'
import { createAuthenticator } from './iam/authenticate/authenticate.ts'
import { createBearerProof } from './iam/authenticate/bearer.ts'
import { createTokenProof } from './iam/authenticate/tokens.ts'
import { createAuthorize, createDemand } from './iam/authorize.ts'
import { createDecisions } from './iam/decisions.ts'
import { createFirstOrganization } from './iam/first-organization.ts'
import { createGate } from './iam/gate.ts'
import { openGate } from './iam/open-gate.ts'
import { createOrganizationOperations } from './iam/organization-routes.ts'
import { createPolicyOperations } from './iam/policy-routes.ts'
import { createSubjects } from './iam/subjects.ts'
import { createTokenOperations } from './iam/token-routes.ts'
import type { Change } from './store/port.ts'

export interface Identity {
  gate: Gate
  allows: Allows
  operations: readonly Operation[]
  /** Resolves when there is what must be there before the first request. */
  start(): Promise<void>
  /** Whatever was remembered of what has changed is forgotten. */
  follow(change: Change): void
}

export interface IdentityDependencies extends KindContext, Pick<AppOptions, 'auth'> {
  collections: Pick<Collections, 'policies' | 'accounts' | 'organizations' | 'tokens'>
  log: Log
}

export function createIdentity({ auth, collections, log, ...context }: IdentityDependencies): Identity {
  const { accounts, tokens } = collections
  const nowMs = () => msOf(context.clock.nowNs())
  const subjects = createSubjects({ findAccount: accounts.get, findUser: async () => undefined })
  const tokenProof = createTokenProof({ ...{ tokens, nowMs, log }, isPresent: subjects.isPresent })
  const proofs = [tokenProof, createBearerProof({ findAccount: accounts.get, nowMs })]
  const authenticator = createAuthenticator({ proofs, nowMs })
  const decisions = createDecisions(collections)
  const { allows } = decisions
  const authorize = createAuthorize(decisions)
  const kinds = { ...context, ...collections, ...decisions, subjects, demand: createDemand(allows) }
  return {
    gate: auth === 'required' ? createGate(authenticator, authorize) : openGate,
    allows,
    operations: [
      ...createAuthOperations(auth === 'required' ? authorize : (_, { org }) => org),
      ...createOrganizationOperations(kinds),
      ...createPolicyOperations(kinds),
      ...createAccountOperations(kinds),
      ...createTokenOperations(kinds),
    ],
    start: async () => {
      if (auth === 'required')
        await createFirstOrganization(collections.organizations, { ...context.clock, ...context.ids })
    },
    follow: change => {
      tokenProof.follow(change)
      authenticator.follow(change)
      decisions.follow(change)
    },
  }
}
