/** What a token is limited to, of what its subject may do. */
import { type Action, actions, checkResources, type Grant } from '../core/access.ts'

export const grantPattern = `^([\\w\\d\\-]+|\\*):(${actions.join('|')}|\\*)$`

const isAction = (text: string): text is Action => actions.some(action => action === text)

/** Of a text that `grantPattern` matches. */
function parseGrant(text: string): Grant {
  const [resource = '', action = ''] = text.split(':')
  return { resource, action: isAction(action) ? action : '*' }
}

/** Throws RESOURCE_UNKNOWN. */
export function parseGrants(texts: readonly string[]): Grant[] {
  const grants = texts.map(parseGrant)
  checkResources(grants.map(({ resource }) => resource))
  return grants
}

export const renderGrant = ({ resource, action }: Grant): string => `${resource}:${action}`

const holds = (wide: Grant, narrow: Grant): boolean =>
  (wide.resource === '*' || wide.resource === narrow.resource) && (wide.action === '*' || wide.action === narrow.action)

/** Whether nothing of `narrow` is beyond `wide`. */
export const isWithin = (narrow: readonly Grant[], wide: readonly Grant[]): boolean =>
  narrow.every(each => wide.some(grant => holds(grant, each)))
