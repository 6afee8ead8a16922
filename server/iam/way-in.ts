/** Keeps whoever asks over the network from locking everybody out; on the machine of the server the local socket leads in. */
import type { Allows, Principal } from '../core/access.ts'
import { dispatchError } from '../core/errors.ts'
import { isRecord } from '../core/json.ts'
import { createTurns } from '../core/turns.ts'
import type { Operation, OperationRequest } from '../http/operation.ts'
import type { Collection } from '../store/port.ts'
import { covers, type PolicyTerms } from './decide.ts'
import type { Policy } from './policy-schema.ts'

/** Where nobody is asked who it is, nobody can be locked out. */
const needsNoWayIn = ({ kind }: Principal): boolean => kind === 'local' || kind === 'anyone'

const removes = ({ method }: Operation): boolean => method === 'DELETE'
const replaces = ({ method }: Operation): boolean => method === 'PUT'

/** Who only policies in the organization itself allow to delete it could not make it again. */
export const keepOwnOrganization = (operations: readonly Operation[], allows: Allows): Operation[] =>
  operations.map(operation => {
    const { access, handle, errors = [] } = operation
    if (!removes(operation) || typeof access === 'string') return operation
    return {
      ...operation,
      errors: ['OWN_ORGANIZATION', ...errors],
      handle: async request => {
        const { principal, path } = request
        const again = { principal, org: '', resource: access.resource, action: 'create' } as const
        if (!needsNoWayIn(principal) && !(await allows(again)))
          throw dispatchError('OWN_ORGANIZATION', { org: path.organizationName ?? '' })
        return handle(request)
      },
    }
  })

/** What a body asks for that was held against its schema. */
const termsIn = (body: unknown, org: string): PolicyTerms[] =>
  isRecord(body) && Array.isArray(body.rules) ? [{ org, global: body.global === true, rules: body.rules }] : []

/** Whether they let anybody write policies there, whoever it is. */
const letWrite = (policies: readonly PolicyTerms[], org: string): boolean =>
  policies
    .filter(policy => policy.global || policy.org === org)
    .flatMap(({ rules }) => rules)
    .some(
      ({ resources, actions }) => covers(resources, 'iam') && (covers(actions, 'create') || covers(actions, 'update')),
    )

/** Whether somebody could still give rights where this policy counts. */
function checkWayIn(all: readonly Policy[], { org: own, path, body }: OperationRequest): void {
  const held = all.find(({ org, name }) => org === own && name === path.policyName)
  if (!held) return
  const org = held.global ? '' : own
  const left = [...all.filter(policy => policy !== held), ...termsIn(body, own)]
  if (!letWrite(all, org) || letWrite(left, org)) return
  const where = org === '' ? 'all organizations' : `organization ${org}`
  throw dispatchError('LAST_WAY_IN', { name: held.name, where })
}

/** One after the other, so that two do not each count on the policy that the other one removes. */
export function keepLastPolicy(
  operations: readonly Operation[],
  policies: Pick<Collection<Policy>, 'list'>,
): Operation[] {
  const turns = createTurns()
  return operations.map(operation => {
    const { handle, errors = [] } = operation
    if (!removes(operation) && !replaces(operation)) return operation
    return {
      ...operation,
      errors: ['LAST_WAY_IN', ...errors],
      handle: request =>
        turns('policies', async () => {
          if (!needsNoWayIn(request.principal)) checkWayIn(await policies.list(), request)
          return handle(request)
        }),
    }
  })
}
