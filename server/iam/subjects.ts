/** Users and service accounts as somebody names them: `NAME`, or `ORGANIZATION/NAME` for an account. */
import type { Principal } from '../core/access.ts'
import type { Holder } from './token-schema.ts'

interface Known {
  id: string
}

export interface SubjectSources {
  /** A service account. */
  findAccount(org: string, name: string): Promise<Known | undefined>
  /** A user that logs in by a password; others are known by their issuer alone. */
  findUser(name: string): Promise<Known | undefined>
  /** Whether others than this server say who users are, so that there may be one of any name. */
  hasIssuer: boolean
}

export interface Subjects {
  /** An account of the organization, else a user; undefined for one that is not there. */
  resolve(org: string, subject: string): Promise<Holder | undefined>
  /** A user who need not be known, as an issuer vouches for some, whatever accounts have the same name. */
  resolveUser(name: string): Promise<Holder>
  /** All who are meant where a policy of the organization names somebody, as far as they are there. */
  presentAs(org: string, named: string): Promise<Principal[]>
  /** Whether it is still the same one. */
  isPresent(org: string, holder: Holder): Promise<boolean>
}

export const principalOf = (org: string, { kind, subject }: Holder): Principal =>
  kind === 'account' ? { kind, subject, org } : { kind, subject }

export const isSame = (one: Principal, other: Principal): boolean =>
  one.kind === other.kind && one.subject === other.subject && one.org === other.org

export function createSubjects({ findAccount, findUser, hasIssuer }: SubjectSources): Subjects {
  const find = (org: string, { kind, subject }: Pick<Holder, 'kind' | 'subject'>) =>
    kind === 'account' ? findAccount(org, subject) : findUser(subject)
  const resolveUser: Subjects['resolveUser'] = async name => ({
    ...{ kind: 'user', subject: name },
    id: (await findUser(name))?.id ?? null,
  })
  return {
    resolveUser,
    resolve: async (org, named) => {
      const isQualified = named.includes('/')
      const subject = named.startsWith(`${org}/`) ? named.slice(org.length + 1) : named
      const account = await findAccount(org, subject)
      if (account) return { kind: 'account', subject, id: account.id }
      const user = isQualified ? undefined : await findUser(subject)
      return user && { kind: 'user', subject, id: user.id }
    },
    presentAs: async (org, named) => {
      const [first = '', ...rest] = named.split('/')
      const [accountOrg, subject] = rest.length === 0 ? [org, first] : [first, rest.join('/')]
      const account: Principal = { kind: 'account', subject, org: accountOrg }
      const user: Principal = { kind: 'user', subject }
      const [hasAccount, hasUser] = await Promise.all([
        findAccount(accountOrg, subject),
        rest.length === 0 && (hasIssuer || findUser(subject)),
      ])
      return [...(hasAccount ? [account] : []), ...(hasUser ? [user] : [])]
    },
    isPresent: async (org, holder) => holder.id === null || (await find(org, holder))?.id === holder.id,
  }
}
