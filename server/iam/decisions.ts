/** What policies say at this moment: read when first asked, and again after one of them or an organization has changed. */
import type { Allows, Principal } from '../core/access.ts'
import { after } from '../core/after.ts'
import { createRemembered } from '../core/remembered.ts'
import type { Change, Collection } from '../store/port.ts'
import { countsEverywhere, decide, type Question } from './decide.ts'
import type { Organization } from './organization-schema.ts'
import type { Policy } from './policy-schema.ts'

export interface Decisions {
  allows: Allows
  hasOrganization(org: string): boolean | Promise<boolean>
  /** Whether somebody has rights, of whatever kind, in organizations that are not its own: then these decide over it too. */
  countsEverywhere(principal: Principal): boolean | Promise<boolean>
  /** From then on nothing of before counts. */
  follow(change: Pick<Change, 'kind'>): void
}

export interface DecisionDependencies {
  /** Nobody is asked who he is: whoever comes may do everything. */
  isOpen: boolean
  policies: Pick<Collection<Policy>, 'list'>
  organizations: Pick<Collection<Organization>, 'keys'>
}

interface Facts {
  policies: readonly Policy[]
  organizations: ReadonlySet<string>
  /** By principal, then by what was asked. An answer of these facts never outlives them. */
  answers: WeakMap<Principal, Map<string, boolean>>
}

/** Who asks for ever other organizations fills no memory. */
const maxAnswersOfOne = 1000

function answerFrom({ policies, answers }: Facts, question: Question): boolean {
  const { principal, org, resource, action } = question
  const known = answers.get(principal) ?? new Map<string, boolean>()
  const key = `${org} ${resource}:${action}`
  const before = known.get(key)
  if (before !== undefined) return before
  const answer = decide(question, policies)
  if (known.size >= maxAnswersOfOne) known.clear()
  answers.set(principal, known.set(key, answer))
  return answer
}

export function createDecisions({ isOpen, policies, organizations }: DecisionDependencies): Decisions {
  const { current, forget } = createRemembered(async (): Promise<Facts> => {
    const [listed, keys] = await Promise.all([policies.list(), organizations.keys()])
    return { policies: listed, organizations: new Set(keys.map(({ name }) => name)), answers: new WeakMap() }
  })

  return {
    allows: question => {
      const { kind } = question.principal
      if (kind === 'anyone') return isOpen
      return kind === 'local' || after(current(), found => answerFrom(found, question))
    },
    hasOrganization: org => after(current(), found => found.organizations.has(org)),
    countsEverywhere: principal => after(current(), found => countsEverywhere(principal, found.policies)),
    follow: ({ kind }) => {
      if (kind === 'Policy' || kind === 'Organization') forget()
    },
  }
}
