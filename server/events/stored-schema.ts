/** Events that were stored, and what has become of them: what clients get. */
import { Type } from '@sinclair/typebox'
import { shown, stringsOrNull } from '../http/shapes.ts'
import type { DeliveryState } from '../store/event-port.ts'
import { shownEmission } from './emission.ts'

const nanoseconds = (description: string) =>
  Type.Integer({ format: 'int64', description: `${description}, Unix nanoseconds: more digits than a double holds` })
const count = (description: string) => Type.Integer({ minimum: 0, description })

const shownDelivery = Type.Object({
  subscription: Type.String({ description: 'Name of the subscription' }),
  state: Type.Unsafe<DeliveryState>({
    type: 'string',
    enum: ['waiting', 'delivered', 'dead'],
    description: 'waiting: it is tried, now or later; delivered; dead: it is not tried any more',
  }),
  tries: count('How often its function was run for it'),
  nextTryTime: Type.Optional(nanoseconds('When it is tried next; there while it waits')),
  reason: stringsOrNull('Why it is not delivered'),
  run: Type.Optional(Type.String({ format: 'uuid', description: 'Name of its last run' })),
})

export const shownBacklog = Type.Object(
  {
    waiting: count('How many deliveries wait'),
    dead: count('How many are dead'),
    reason: stringsOrNull('Why nothing is delivered to it at the moment'),
  },
  { title: 'Backlog' },
)

const fields = {
  id: Type.String({ ...shown.id, description: 'Given by the server; grows with time' }),
  emittedTime: nanoseconds('When it was taken in'),
  event: shownEmission,
  counts: Type.Object(
    {
      waiting: count('How many wait'),
      delivered: count('How many are delivered'),
      dead: count('How many are dead'),
    },
    { description: 'Deliveries by their state; one for each subscription that it matched' },
  ),
}

/** As lists have it, and readers who follow. */
export const shownStored = Type.Object(fields, { title: 'StoredEvent' })

export const shownStoredWhole = Type.Object(
  { ...fields, deliveries: Type.Array(shownDelivery, { description: 'By subscription' }) },
  { title: 'StoredEventWithDeliveries' },
)
