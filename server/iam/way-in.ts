/** Keeps whoever asks over the network from locking everybody out; on the machine of the server the local socket leads in. */
import type { Allows, Principal } from '../core/access.ts'
import { dispatchError, type ErrorName } from '../core/errors.ts'
import { isRecord } from '../core/json.ts'
import { createTurns } from '../core/turns.ts'
import type { Operation, OperationRequest } from '../http/operation.ts'
import type { Collection } from '../store/port.ts'
import { nameOf } from './authorize.ts'
import { covers, type PolicyTerms } from './decide.ts'
import type { Policy } from './policy-schema.ts'
import { isSame, type Subjects } from './subjects.ts'

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

/** How policies name those whom they let write policies there; '' for all organizations. */
const namedWriters = (policies: readonly PolicyTerms[], org: string) =>
  policies
    .filter(policy => policy.global || policy.org === org)
    .flatMap(policy => policy.rules.map(rule => ({ ...rule, org: policy.org })))
    .filter(
      ({ resources, actions }) => covers(resources, 'iam') && (covers(actions, 'create') || covers(actions, 'update')),
    )
    .flatMap(rule => rule.subjects.map(subject => ({ subject, org: rule.org })))

const describePlace = (org: string): string => (org === '' ? 'all organizations' : `organization ${org}`)

export interface WayInDependencies {
  policies: Pick<Collection<Policy>, 'list'>
  /** As `Subjects` has it. */
  presentAs: Subjects['presentAs']
}

export interface WayIn {
  /** Operations on policies: neither the last one that lets anybody there is write policies goes, nor what makes it that. */
  keepLastPolicy(operations: readonly Operation[]): Operation[]
  /** Operations on users or accounts: the last one whom policies let write policies stays. */
  keepLastWriter(operations: readonly Operation[], named: (request: OperationRequest) => Principal): Operation[]
}

/** All go by it, one after the other, so that two do not each count on what the other one removes. */
export function createWayIn({ policies, presentAs }: WayInDependencies): WayIn {
  const turns = createTurns()

  const findWriters = async (all: readonly PolicyTerms[], org: string): Promise<Principal[]> =>
    (await Promise.all(namedWriters(all, org).map(({ subject, org: named }) => presentAs(named, subject)))).flat()

  const checkPolicy = async ({ org: own, path, body }: OperationRequest): Promise<void> => {
    const all = await policies.list()
    const held = all.find(({ org, name }) => org === own && name === path.policyName)
    if (!held) return
    const org = held.global ? '' : own
    const left = [...all.filter(policy => policy !== held), ...termsIn(body, own)]
    if ((await findWriters(all, org)).length === 0 || (await findWriters(left, org)).length > 0) return
    throw dispatchError('LAST_WAY_IN', { name: held.name, where: describePlace(org) })
  }

  const checkWriter = async (leaving: Principal): Promise<void> => {
    const all = await policies.list()
    for (const org of new Set(all.map(policy => (policy.global ? '' : policy.org)))) {
      const writers = await findWriters(all, org)
      if (writers.length === 0 || writers.some(writer => !isSame(writer, leaving))) continue
      throw dispatchError('LAST_WRITER', { who: nameOf(leaving), where: describePlace(org) })
    }
  }

  const checked = (operation: Operation, error: ErrorName, check: (request: OperationRequest) => Promise<void>) => ({
    ...operation,
    errors: [error, ...(operation.errors ?? [])],
    handle: (request: OperationRequest) =>
      turns('policies', async () => {
        if (!needsNoWayIn(request.principal)) await check(request)
        return operation.handle(request)
      }),
  })

  return {
    keepLastPolicy: operations =>
      operations.map(operation =>
        removes(operation) || replaces(operation) ? checked(operation, 'LAST_WAY_IN', checkPolicy) : operation,
      ),
    keepLastWriter: (operations, named) =>
      operations.map(operation =>
        removes(operation) ? checked(operation, 'LAST_WRITER', request => checkWriter(named(request))) : operation,
      ),
  }
}
