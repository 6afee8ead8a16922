/** All that follows once it is known who asks: which organization it is about, whether there is one, and what policies say. */
import type { Allows, Asked, Permission, Principal } from '../core/access.ts'
import { after } from '../core/after.ts'
import { type DispatchError, dispatchError } from '../core/errors.ts'
import type { Decisions } from './decisions.ts'
import { isWithin, renderGrant } from './scope.ts'

/** Answers the organization that the request is about; throws, or rejects with, the DispatchError that refuses it. */
export type Authorize = (
  principal: Principal,
  asked: Pick<Asked, 'access' | 'org' | 'organization'>,
) => string | Promise<string>

const wordsOf: Record<Principal['kind'], (principal: Principal) => string> = {
  anyone: () => 'anybody',
  local: () => 'the user of this machine',
  user: ({ subject }) => `user ${subject}`,
  account: ({ org, subject }) => `service account ${org}/${subject}`,
  driver: ({ org, subject }) => `event driver ${org}/${subject}`,
}
/** As texts for people call it. */
export const nameOf = (principal: Principal): string => wordsOf[principal.kind](principal)

/** Where the token forbids it already, another policy would not help. */
function causeOf({ onlyIn, scope }: Principal, org: string, permission: Permission): string {
  if (onlyIn !== undefined && onlyIn !== org) return `the token counts in organization ${onlyIn} alone`
  if (scope && !isWithin([permission], scope))
    return `the scope of the token does not hold ${renderGrant(permission)}; see dispatch iam create token`
  return 'no policy allows it; ask for one, see dispatch iam create policy'
}

function forbidden(principal: Principal, org: string, permission: Permission): DispatchError {
  const { action, resource } = permission
  const where = org === '' ? 'all organizations' : `organization ${org}`
  const cause = causeOf(principal, org, permission)
  return dispatchError('FORBIDDEN', { who: nameOf(principal), action, resource, where, cause })
}

/** Rejects with FORBIDDEN; '' for all organizations. */
export type Demand = (principal: Principal, org: string, permission: Permission) => Promise<void>

export const createDemand =
  (allows: Allows): Demand =>
  async (principal, org, permission) => {
    if (!(await allows({ principal, org, ...permission }))) throw forbidden(principal, org, permission)
  }

export function createAuthorize({ allows, hasOrganization }: Pick<Decisions, 'allows' | 'hasOrganization'>): Authorize {
  return (principal, { access, org: named, organization }) => {
    const isOptional = organization === 'any'
    const org = named || (isOptional ? '' : (principal.onlyIn ?? principal.org ?? ''))
    if (typeof access === 'string') return org
    if (org === '' && !isOptional) throw dispatchError('ORGANIZATION_UNNAMED', { who: nameOf(principal) })
    // Who may do nothing there learns not even whether it is there.
    return after(allows({ principal, org, ...access }), isAllowed => {
      if (!isAllowed) throw forbidden(principal, org, access)
      return after(isOptional || hasOrganization(org), exists => {
        if (!exists) throw dispatchError('NO_ORGANIZATION', { org })
        return org
      })
    })
  }
}
