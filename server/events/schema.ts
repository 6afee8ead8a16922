/** Subscriptions: what clients send, what is stored, and what they get back. */
import { type Static, Type } from '@sinclair/typebox'
import type { Entity } from '../core/entity.ts'
import {
  kind,
  name,
  pathName,
  seconds,
  shown,
  shownKind,
  status,
  strings,
  stringsOrNull,
  tags,
  uuid,
} from '../http/shapes.ts'
import type { Retry } from './retry.ts'

export const eventType = Type.String({
  maxLength: 128,
  pattern: '^[\\w\\d\\-\\.]+$',
  description: 'Type of events, such as user.created; compared exactly',
})

const says = {
  function: 'Name of the function that is run for each event, which need not exist yet',
  secrets: 'Names of secrets',
}

export const subscriptionBody = Type.Object(
  {
    eventType,
    function: Type.String({ ...pathName, description: says.function }),
    id: uuid,
    kind,
    name,
    secrets: strings(says.secrets),
    status,
    tags,
  },
  {
    title: 'SubscriptionBody',
    examples: [{ name: 'greet-users', eventType: 'user.created', function: 'hello' }],
  },
)
export type SubscriptionBody = Static<typeof subscriptionBody>

export const shownSubscription = Type.Object(
  {
    createdTime: shown.createdTime,
    eventType: Type.String({ description: 'Type of the events that it waits for' }),
    function: Type.String({ description: says.function }),
    kind: shownKind('Subscription'),
    modifiedTime: seconds('When it was last changed'),
    name: shown.name,
    reason: Type.Optional(Type.Array(Type.String(), { description: 'Why it is in ERROR; left out otherwise' })),
    secrets: stringsOrNull(says.secrets),
    status: shown.status,
    tags: shown.tags,
  },
  { title: 'Subscription' },
)

export interface Subscription extends Entity {
  eventType: string
  functionName: string
  /** Names. */
  secrets: string[]
  /** Undefined: as is usual. */
  retry?: Retry
}

/** `reason` is there only when there is one: the answers that clients know have none. */
export const renderSubscription = (entity: Subscription): Static<typeof shownSubscription> => ({
  createdTime: entity.createdTimeSeconds,
  eventType: entity.eventType,
  function: entity.functionName,
  kind: 'Subscription',
  modifiedTime: entity.modifiedTimeSeconds,
  name: entity.name,
  ...(entity.reason !== null && { reason: entity.reason }),
  secrets: entity.secrets.length > 0 ? entity.secrets : null,
  status: entity.status,
  tags: entity.tags,
})
