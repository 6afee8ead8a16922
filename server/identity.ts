/** Who may do what, wired: what lets requests in, and the operations on what that goes by. */
import type { AppOptions } from './app-options.ts'
import type { Collections } from './collections.ts'
import type { Allows, Gate } from './core/access.ts'
import { msOf } from './core/clock.ts'
import type { Operation } from './http/operation.ts'
import { createAccountOperations } from './iam/account-routes.ts'
import { createAuthOperations } from './iam/auth-routes.ts'
import { createAuthenticator } from './iam/authenticate/authenticate.ts'
import { createBearerProof } from './iam/authenticate/bearer.ts'
import { createCertificateProof } from './iam/authenticate/certificate.ts'
import { createSessionProof } from './iam/authenticate/sessions.ts'
import { createTokenProof } from './iam/authenticate/tokens.ts'
import { createAuthorize, createDemand } from './iam/authorize.ts'
import { createDecisions } from './iam/decisions.ts'
import { everywhere } from './iam/everywhere.ts'
import { createFirstOrganization } from './iam/first-organization.ts'
import { createGate } from './iam/gate.ts'
import { openGate } from './iam/open-gate.ts'
import { createOrganizationOperations } from './iam/organization-routes.ts'
import { createPolicyOperations } from './iam/policy-routes.ts'
import { createSubjects } from './iam/subjects.ts'
import { createTokenOperations } from './iam/token-routes.ts'
import { createWayIn } from './iam/way-in.ts'
import { createLogin, type LoginDependencies } from './login.ts'
import { createOidc, providersOf } from './oidc.ts'
import type { Change } from './store/port.ts'
import { loginPages } from './ui/login-page.ts'

export interface Identity {
  gate: Gate
  allows: Allows
  /** True of any where nobody has to be a member of one. */
  hasOrganization(org: string): boolean | Promise<boolean>
  operations: readonly Operation[]
  /** Resolves when there is what must be there before the first request. */
  start(): Promise<void>
  /** Whatever was remembered of what has changed is forgotten. */
  follow(change: Change): void
}

export interface IdentityDependencies
  extends Omit<LoginDependencies, 'users' | 'sessions'>,
    Pick<AppOptions, 'auth' | 'oidc' | 'clientCertificates'> {
  collections: Pick<Collections, 'policies' | 'accounts' | 'organizations' | 'tokens' | 'users' | 'sessions'>
}

export function createIdentity({
  auth,
  oidc,
  clientCertificates,
  collections,
  log,
  ...context
}: IdentityDependencies): Identity {
  const { accounts, tokens, users } = collections
  const nowMs = () => msOf(context.clock.nowNs())
  const hasIssuer = oidc !== undefined || clientCertificates !== undefined
  const findUser = (name: string) => users.get(everywhere, name)
  const subjects = createSubjects({ findAccount: accounts.get, findUser, hasIssuer })
  const wayIn = createWayIn({ ...collections, ...subjects })
  const login = createLogin({ ...context, ...collections, log, providersFor: providersOf(oidc) })
  const tokenProof = createTokenProof({ ...{ tokens, nowMs, log }, isPresent: subjects.isPresent })
  const bearerProof = createBearerProof({ findAccount: accounts.get, nowMs })
  const proofs = [tokenProof, createSessionProof(login.sessions), bearerProof]
  const authenticator = createAuthenticator({
    ...{ proofs, nowMs },
    proveCertificate: createCertificateProof({ findAccount: accounts.get, nowMs }),
  })
  const decisions = createDecisions({ ...collections, isOpen: auth === 'open' })
  const { allows } = decisions
  const authorize = createAuthorize(decisions)
  const kinds = { ...context, ...collections, ...decisions, subjects, wayIn, demand: createDemand(allows) }
  return {
    gate: auth === 'required' ? createGate(authenticator, authorize) : openGate,
    allows,
    hasOrganization: auth === 'required' ? decisions.hasOrganization : () => true,
    operations: [
      ...createAuthOperations(auth === 'required' ? authorize : (_, { org }) => org),
      ...createOrganizationOperations(kinds),
      ...createPolicyOperations(kinds),
      ...createAccountOperations(kinds),
      ...createTokenOperations(kinds),
      ...wayIn.keepLastWriter(login.userOperations, ({ path }) => ({ kind: 'user', subject: path.userName ?? '' })),
      ...login.operations,
      ...createOidc({ ...login, ...context, settings: oidc, pages: loginPages, log }),
    ],
    start: async () => {
      await login.start()
      if (auth === 'required')
        await createFirstOrganization(collections.organizations, { ...context.clock, ...context.ids })
    },
    follow: change => {
      tokenProof.follow(change)
      authenticator.follow(change)
      decisions.follow(change)
      login.follow(change)
    },
  }
}
