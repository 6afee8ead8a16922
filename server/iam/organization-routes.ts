/** REST operations on organizations. What is in one stays where it is when it goes, and is there again with it. */
import type { Allows } from '../core/access.ts'
import type { KindContext } from '../core/verbs.ts'
import type { Operation } from '../http/operation.ts'
import { createResourceOperations } from '../http/resource.ts'
import type { Collection } from '../store/port.ts'
import {
  type Organization,
  type OrganizationBody,
  organizationBody,
  renderOrganization,
  shownOrganization,
} from './organization-schema.ts'
import { keepOwnOrganization } from './way-in.ts'

export interface OrganizationRouteDependencies extends KindContext {
  allows: Allows
  organizations: Collection<Organization>
}

const parameter = 'organizationName'

/** Each is stored in itself, wherever who asks for it is. */
const everywhere = (organizations: Collection<Organization>): Omit<Collection<Organization>, 'keys'> => ({
  ...organizations,
  get: (_, name) => organizations.get(name, name),
  peek: (_, name) => organizations.peek(name, name),
  list: () => organizations.list(),
  remove: (_, name) => organizations.remove(name, name),
})

export function createOrganizationOperations({
  organizations,
  allows,
  ...context
}: OrganizationRouteDependencies): Operation[] {
  const operations = createResourceOperations<Organization, OrganizationBody>(
    {
      kind: 'Organization',
      path: '/v1/iam/organization',
      parameter,
      anyOrganization: true,
      operationIds: {
        create: 'addOrganization',
        list: 'getOrganizations',
        get: 'getOrganization',
        replace: 'updateOrganization',
        remove: 'deleteOrganization',
      },
      words: { one: 'an organization', many: 'organizations' },
      bodySchema: organizationBody,
      shownSchema: shownOrganization,
      notes: {
        replace: 'Changes nothing but the time of its last change.',
        remove: 'What is in it stays, out of reach until there is an organization of that name again.',
      },
      entities: everywhere(organizations),
      firstStatus: 'READY',
      draft: () => ({ complete: common => ({ ...common, org: common.name }) }),
      render: renderOrganization,
      renderRemoved: entity => ({ ...renderOrganization(entity), status: 'DELETING' }),
    },
    context,
  )
  // What is done to one is decided by the policies in it, and by those that count everywhere.
  return keepOwnOrganization(operations, allows).map(operation =>
    operation.pathSchema ? { ...operation, organizationParameter: parameter } : operation,
  )
}
