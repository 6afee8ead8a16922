/** REST operations on policies. They have no life cycle: what is stored counts from the answer on. */
import { checkResources } from '../core/access.ts'
import { dispatchError } from '../core/errors.ts'
import type { KindContext } from '../core/verbs.ts'
import type { Operation, OperationRequest } from '../http/operation.ts'
import { createResourceOperations } from '../http/resource.ts'
import type { Collection } from '../store/port.ts'
import type { Demand } from './authorize.ts'
import { guardWrites } from './guard-writes.ts'
import {
  type Policy,
  type PolicyBody,
  type PolicyRule,
  policyBody,
  renderPolicy,
  shownPolicy,
} from './policy-schema.ts'
import type { WayIn } from './way-in.ts'

export interface PolicyRouteDependencies extends KindContext {
  policies: Collection<Policy>
  demand: Demand
  wayIn: Pick<WayIn, 'keepLastPolicy'>
}

const refusals = ['RULE_INCOMPLETE', 'RESOURCE_UNKNOWN'] as const

const isComplete = ({ actions, resources, subjects }: PolicyRule): boolean =>
  [actions, resources, subjects].every(list => list.length > 0 && !list.includes(''))

function checkRules(rules: PolicyRule[]): PolicyRule[] {
  if (rules.length === 0 || !rules.every(isComplete)) throw dispatchError('RULE_INCOMPLETE', {})
  for (const { resources } of rules) checkResources(resources)
  return rules
}

const asksForGlobal = (body: unknown): boolean =>
  typeof body === 'object' && body !== null && 'global' in body && body.global === true

export function createPolicyOperations({ policies, demand, wayIn, ...context }: PolicyRouteDependencies): Operation[] {
  const operations = createResourceOperations<Policy, PolicyBody>(
    {
      kind: 'Policy',
      path: '/v1/iam/policy',
      parameter: 'policyName',
      operationIds: {
        create: 'addPolicy',
        list: 'getPolicies',
        get: 'getPolicy',
        replace: 'updatePolicy',
        remove: 'deletePolicy',
      },
      words: { one: 'a policy', many: 'policies' },
      bodySchema: policyBody,
      shownSchema: shownPolicy,
      errors: { create: [...refusals], replace: [...refusals] },
      notes: { create: 'Counts from the answer on.', replace: 'Counts from the answer on.' },
      entities: policies,
      firstStatus: 'READY',
      draft: (_, { global = false, rules }) => {
        const checked = checkRules(rules)
        return { complete: common => ({ ...common, global, rules: checked }) }
      },
      render: renderPolicy,
      renderRemoved: entity => ({ ...renderPolicy(entity), status: 'DELETING' }),
    },
    context,
  )
  const isGlobal = async ({ org, body, path }: OperationRequest): Promise<boolean> =>
    asksForGlobal(body) || (await policies.get(org, path.policyName ?? ''))?.global === true
  return guardWrites(wayIn.keepLastPolicy(operations), { demand, reachesBeyond: isGlobal })
}
