/** Whether policies let somebody do something: pure, and all that decides. Who no rule allows is refused. */
import type { Permission, Principal } from '../core/access.ts'
import type { PolicyRule } from './policy-schema.ts'

/** As policies are stored. */
export interface PolicyTerms {
  /** That it belongs to. */
  org: string
  /** Whether it counts in every organization. */
  global: boolean
  rules: readonly PolicyRule[]
}

export interface Question extends Permission {
  principal: Principal
  /** '' for all organizations, where policies of one do not count. */
  org: string
}

const everything = '*'

export const covers = (listed: readonly string[], word: string): boolean =>
  listed.includes(word) || listed.includes(everything)

/**
 * A subject with a slash is always an account, as `org/name`: names of accounts and organizations have none, and a user
 * whose name has one is in no rule. Without it, it is a user, or an account of the organization of the policy.
 */
function names(subject: string, { kind, subject: name, org = '' }: Principal, policyOrg: string): boolean {
  if (kind === 'user') return subject === name && !name.includes('/')
  return kind === 'account' && (subject === `${org}/${name}` || (subject === name && org === policyOrg))
}

/** What its credential leaves a principal of whatever is allowed. */
const isInScope = ({ scope, onlyIn }: Principal, { org, resource, action }: Omit<Question, 'principal'>): boolean =>
  (onlyIn === undefined || onlyIn === org) &&
  (scope === undefined || scope.some(part => covers([part.resource], resource) && covers([part.action], action)))

/** Whether a policy that counts in every organization says anything of it. */
export const countsEverywhere = (principal: Principal, policies: readonly PolicyTerms[]): boolean =>
  policies.some(
    ({ global, org, rules }) =>
      global && rules.some(({ subjects }) => subjects.some(subject => names(subject, principal, org))),
  )

export function decide(question: Question, policies: readonly PolicyTerms[]): boolean {
  const { principal, org, resource, action } = question
  if (!isInScope(principal, question)) return false
  return policies.some(
    policy =>
      (policy.global || policy.org === org) &&
      policy.rules.some(
        ({ subjects, resources, actions }) =>
          covers(resources, resource) &&
          covers(actions, action) &&
          subjects.some(subject => names(subject, principal, policy.org)),
      ),
  )
}
