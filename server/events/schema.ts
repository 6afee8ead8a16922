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
import { type Retry, usualRetry } from './retry.ts'

export const eventType = Type.String({
  maxLength: 128,
  pattern: '^[\\w\\d\\-\\.]+$',
  description: 'Type of the event, such as user.created',
})

/** Existing clients know the text of the original, which had no patterns. */
const subscribedType = Type.String({
  maxLength: 128,
  pattern: '^([\\w\\d\\-\\.]+(\\.\\*)?|\\*)$',
  patternText: "in body should match '^[\\w\\d\\-\\.]+$'",
  description:
    'Type of events, such as user.created; user.* stands for all that begin with user., and * for every type',
})

const dayS = 86_400
const retry = Type.Object(
  {
    tries: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 100,
        description: `Runs at most, the first one included; ${usualRetry.tries} where left out`,
      }),
    ),
    withinSeconds: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 30 * dayS,
        description: `From the first run to the last one, with pauses that grow; ${usualRetry.withinSeconds} where left out`,
      }),
    ),
  },
  { description: 'How often an event is tried whose run fails' },
)
const filter = Type.Object(
  {},
  {
    additionalProperties: Type.String(),
    description: 'Attributes, source or an extension such as subject, and the value that each must have',
    examples: [{ source: 'sign-up' }],
  },
)

const says = {
  function: 'Name of the function that is run for each event, which need not exist yet',
  secrets: 'Names of secrets',
}

export const subscriptionBody = Type.Object(
  {
    eventType: subscribedType,
    function: Type.String({ ...pathName, description: says.function }),
    id: uuid,
    kind,
    name,
    secrets: strings(says.secrets),
    status,
    tags,
    retry: Type.Optional(retry),
    filter: Type.Optional(filter),
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
    retry: Type.Optional(retry),
    filter: Type.Optional(filter),
  },
  { title: 'Subscription' },
)

export interface Subscription extends Entity {
  eventType: string
  functionName: string
  /** Names. */
  secrets: string[]
  /** Undefined: as is usual. */
  retry?: Partial<Retry> | undefined
  /** Values by the name of the attribute. Undefined: any. */
  filter?: Record<string, string> | undefined
}

/** `reason`, `retry` and `filter` are there only when there are any: the answers that clients know have none. */
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
  ...(entity.retry && { retry: entity.retry }),
  ...(entity.filter && { filter: entity.filter }),
})
