/** Who may do what, wired: what lets requests in, and the operations on what that goes by. */
import type { Collections } from './collections.ts'
import type { Allows, Gate } from './core/access.ts'
import type { KindContext } from './core/verbs.ts'
import type { Operation } from './http/operation.ts'
import { createAccountOperations } from './iam/account-routes.ts'
import { createAuthOperations } from './iam/auth-routes.ts'
import { createDemand } from './iam/authorize.ts'
import { createDecisions } from './iam/decisions.ts'
import { openGate } from './iam/open-gate.ts'
import { createOrganizationOperations } from './iam/organization-routes.ts'
import { createPolicyOperations } from './iam/policy-routes.ts'
import type { Change } from './store/port.ts'

export interface Identity {
  gate: Gate
  allows: Allows
  operations: readonly Operation[]
  /** Whatever was remembered of what has changed is forgotten. */
  follow(change: Change): void
}

export interface IdentityDependencies extends KindContext {
  collections: Pick<Collections, 'policies' | 'accounts' | 'organizations'>
}

export function createIdentity({ collections, ...context }: IdentityDependencies): Identity {
  const decisions = createDecisions(collections)
  const { allows } = decisions
  const kinds = { ...context, ...collections, ...decisions, demand: createDemand(allows) }
  return {
    gate: openGate,
    allows,
    operations: [
      ...createAuthOperations((_, { org }) => org),
      ...createOrganizationOperations(kinds),
      ...createPolicyOperations(kinds),
      ...createAccountOperations(kinds),
    ],
    follow: decisions.follow,
  }
}
