/** Subscriptions, event drivers and their types: what clients send, what is stored, and what they get back. */
import { type Static, Type } from '@sinclair/typebox'
import type { Entity, Tag } from '../core/entity.ts'
import { kind, name, pathName, status, strings, tags, uuid } from '../http/shapes.ts'

export const eventType = Type.String({ maxLength: 128, pattern: '^[\\w\\d\\-\\.]+$' })

/** What a driver is started with: on the wire, a list that behaves as a map, as tags do. */
const config = tags
const driverName = Type.String({
  pattern: '^[a-z0-9][a-z0-9\\-]*$',
  patternText:
    'should start with lower case letter or number and may only contain lower case letters, numbers and dashes',
})

export const subscriptionBody = Type.Object({
  eventType,
  function: pathName,
  id: uuid,
  kind,
  name,
  secrets: strings,
  status,
  tags,
})
export type SubscriptionBody = Static<typeof subscriptionBody>

export const driverTypeBody = Type.Object({
  config,
  id: uuid,
  image: Type.String(),
  kind,
  name: Type.String({ ...name, maxLength: 32 }),
  tags,
  expose: Type.Optional(Type.Boolean()),
})
export type DriverTypeBody = Static<typeof driverTypeBody>

export const driverBody = Type.Object({
  config,
  id: uuid,
  kind,
  name: driverName,
  reason: strings,
  secrets: strings,
  status,
  tags,
  type: Type.String({ maxLength: 32 }),
  expose: Type.Optional(Type.Boolean()),
  url: Type.Optional(Type.String()),
})
export type DriverBody = Static<typeof driverBody>

export interface Subscription extends Entity {
  eventType: string
  functionName: string
  /** Names. */
  secrets: string[]
}

export interface DriverType extends Entity {
  /** Reference of the Docker image that drivers of this type run. */
  image: string
  expose: boolean
  config: Tag[] | null
}

/** `token` lets its events in. `image` and `expose` are those of its type at the time when the driver was last created or updated. */
export interface Driver extends Entity {
  token: string
  type: string
  image: string
  expose: boolean
  config: Tag[] | null
  /** Names. */
  secrets: string[]
}

const orNull = (list: string[]): string[] | null => (list.length === 0 ? null : list)

/** `reason` is there only when there is one: the answers that clients know have none. */
export const renderSubscription = (entity: Subscription) => ({
  createdTime: entity.createdTimeSeconds,
  eventType: entity.eventType,
  function: entity.functionName,
  kind: 'Subscription',
  modifiedTime: entity.modifiedTimeSeconds,
  name: entity.name,
  ...(entity.reason !== null && { reason: entity.reason }),
  secrets: orNull(entity.secrets),
  status: entity.status,
  tags: entity.tags,
})

const renderTimes = (entity: Entity) => ({
  'created-time': entity.createdTimeSeconds,
  'modified-time': entity.modifiedTimeSeconds,
})

export const renderDriverType = (entity: DriverType) => ({
  config: entity.config,
  ...renderTimes(entity),
  image: entity.image,
  expose: entity.expose,
  kind: 'DriverType',
  name: entity.name,
  tags: entity.tags,
})

/** Without the token, and without the id, which was the original's token. */
export const renderDriver = (entity: Driver) => ({
  config: entity.config,
  ...renderTimes(entity),
  kind: 'Driver',
  name: entity.name,
  reason: entity.reason,
  secrets: orNull(entity.secrets),
  expose: entity.expose,
  status: entity.status,
  tags: entity.tags,
  type: entity.type,
})
