/** Credentials that a server with `auth: required` takes, put straight into its store. */
import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { SignJWT } from 'jose'
import { digestOf } from '../../server/core/digest.ts'
import type { ServiceAccount } from '../../server/iam/account-schema.ts'
import { createTokenText } from '../../server/iam/authenticate/tokens.ts'
import { everywhere } from '../../server/iam/everywhere.ts'
import type { Organization } from '../../server/iam/organization-schema.ts'
import type { Policy, PolicyRule } from '../../server/iam/policy-schema.ts'
import { parseGrants } from '../../server/iam/scope.ts'
import type { Holder, Token } from '../../server/iam/token-schema.ts'
import type { User } from '../../server/iam/user-schema.ts'
import type { Store } from '../../server/store/port.ts'

/** Of any kind. */
const createCommon = (org: string, name: string) => ({
  ...{ id: randomUUID(), org, name, revision: 0, status: 'READY' as const, reason: null, tags: null },
  ...{ createdTimeSeconds: 0, modifiedTimeSeconds: 0 },
})

export async function giveOrganization(store: Store, name: string): Promise<void> {
  await store.collection<Organization>('Organization').create(createCommon(name, name))
}

/** Without a password. */
export async function giveUser(store: Store, name: string): Promise<void> {
  await store.collection<User>('User').create(createCommon(everywhere, name))
}

interface GivenPolicy extends Partial<PolicyRule> {
  subjects: string[]
  org?: string
  global?: boolean
}

/** One of a single rule; of all resources and actions where these are left out. */
export async function givePolicy(store: Store, given: GivenPolicy): Promise<void> {
  const { subjects, resources = ['*'], actions = ['*'], org = 'dispatch', global = false } = given
  const policy = { ...createCommon(org, randomUUID()), global, rules: [{ subjects, resources, actions }] }
  await store.collection<Policy>('Policy').create(policy)
}

interface GivenToken {
  subject: string
  kind?: Holder['kind']
  org?: string
  /** Each RESOURCE:ACTION. */
  scope?: string[]
  expiresSeconds?: number
}

/** Resolves with the headers of whoever holds it. */
export async function giveToken(store: Store, given: GivenToken): Promise<{ authorization: string }> {
  const { subject, kind = 'user', org = 'dispatch', scope, expiresSeconds = null } = given
  const text = createTokenText('dst_')
  await store.collection<Token>('Token').create({
    ...createCommon(org, randomUUID()),
    ...{ expiresSeconds, lastUsedSeconds: null },
    digest: digestOf(text),
    holder: { kind, subject, id: null },
    scope: scope ? parseGrants(scope) : null,
  })
  return { authorization: `Bearer ${text}` }
}

/** Of every account that is given. */
const accountKeys = generateKeyPairSync('rsa', { modulusLength: 2048 })
const publicKey = Buffer.from(accountKeys.publicKey.export({ type: 'spki', format: 'pem' })).toString('base64')

/** As the command line makes it, for so many seconds from now. */
export async function signFor(
  account: string,
  { seconds = 3600, key = accountKeys.privateKey } = {},
): Promise<{ authorization: string }> {
  const nowSeconds = Math.floor(Date.now() / 1000)
  const claims = { iss: account, iat: nowSeconds - 7200, exp: nowSeconds + seconds }
  const token = await new SignJWT(claims).setProtectedHeader({ alg: 'RS256' }).sign(key)
  return { authorization: `Bearer ${token}` }
}

/** Resolves with the headers of the account, given as ORGANIZATION/NAME. */
export async function giveAccount(store: Store, account: string): Promise<{ authorization: string }> {
  const [org = '', name = ''] = account.split('/')
  await store.collection<ServiceAccount>('ServiceAccount').create({ ...createCommon(org, name), publicKey })
  return signFor(account)
}
