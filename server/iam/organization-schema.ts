/** Organizations: what clients send, what is stored, and what they get back. */
import { type Static, Type } from '@sinclair/typebox'
import type { Entity } from '../core/entity.ts'
import { kind, pathName, seconds, shown, shownKind, status, uuid } from '../http/shapes.ts'

export const organizationBody = Type.Object(
  { id: uuid, kind, name: Type.String({ ...pathName, description: 'Unique; it cannot be changed' }), status },
  { title: 'OrganizationBody', examples: [{ name: 'dispatch' }] },
)
export type OrganizationBody = Static<typeof organizationBody>

export const shownOrganization = Type.Object(
  {
    id: shown.id,
    kind: shownKind('Organization'),
    name: Type.String({ description: 'Unique' }),
    status: shown.status,
    createdTime: shown.createdTime,
    modifiedTime: seconds('When it was last changed'),
  },
  { title: 'Organization' },
)

/** It is its own namespace: `org` is its name. */
export type Organization = Entity

export const renderOrganization = (entity: Organization): Static<typeof shownOrganization> => ({
  id: entity.id,
  kind: 'Organization',
  name: entity.name,
  status: entity.status,
  createdTime: entity.createdTimeSeconds,
  modifiedTime: entity.modifiedTimeSeconds,
})
