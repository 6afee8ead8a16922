/** What a new token is limited to: at least to what limits the token that creates it. Pure. */
import type { Grant, Principal } from '../core/access.ts'
import { dispatchError } from '../core/errors.ts'
import { isWithin, parseGrants, renderGrant } from './scope.ts'
import type { Token, TokenBody } from './token-schema.ts'

type Maker = Pick<Principal, 'scope' | 'expiresSeconds'>

function planScope({ name, scope: asked }: TokenBody, { scope: own }: Maker): Grant[] | null {
  const scope = asked && parseGrants(asked)
  if (own && scope && !isWithin(scope, own))
    throw dispatchError('SCOPE_TOO_WIDE', { name, scope: own.map(renderGrant).join(', ') })
  return scope ?? (own ? [...own] : null)
}

function planEnd({ name, lifetimeSeconds }: TokenBody, { expiresSeconds: own }: Maker, nowSeconds: number) {
  const end = lifetimeSeconds === undefined ? undefined : nowSeconds + lifetimeSeconds
  if (own !== undefined && end !== undefined && end > own)
    throw dispatchError('LIFETIME_TOO_LONG', { name, seconds: String(own - nowSeconds) })
  return end ?? own ?? null
}

/** What the body leaves out is as with the token of the maker, if there is one. Throws SCOPE_TOO_WIDE, LIFETIME_TOO_LONG or RESOURCE_UNKNOWN. */
export const planTerms = (
  body: TokenBody,
  maker: Maker,
  nowSeconds: number,
): Pick<Token, 'scope' | 'expiresSeconds'> => ({
  scope: planScope(body, maker),
  expiresSeconds: planEnd(body, maker, nowSeconds),
})
