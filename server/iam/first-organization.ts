/** The organization that every client knows of: there from the first start, so that there is one to work in. */
import type { Clock, Ids } from '../core/clock.ts'
import { createEntity } from '../core/entity.ts'
import type { Collection } from '../store/port.ts'
import type { Organization } from './organization-schema.ts'

const name = 'dispatch'

/** Does nothing where there are organizations already: somebody may have removed this one. */
export async function createFirstOrganization(
  organizations: Pick<Collection<Organization>, 'keys' | 'create'>,
  from: Clock & Ids,
): Promise<void> {
  if ((await organizations.keys()).length > 0) return
  await organizations.create({ ...createEntity(name, { name }, from), status: 'READY' })
}
