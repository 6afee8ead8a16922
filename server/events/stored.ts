/** Events that were stored, as their texts on the wire. */
import { joinMembers, quote } from '../core/json.ts'
import type { Delivery, DeliveryCount, DeliveryState, EventRecord } from '../store/event-port.ts'

export type Counts = Record<DeliveryState, number>

/** By the id of each event. */
export function groupCounts(ids: readonly string[], counted: readonly DeliveryCount[]): Map<string, Counts> {
  const counts = new Map(ids.map((id): [string, Counts] => [id, { waiting: 0, delivered: 0, dead: 0 }]))
  for (const { eventId, state, count } of counted) {
    const of = counts.get(eventId)
    if (of) of[state] = count
  }
  return counts
}

export function countDeliveries(deliveries: readonly Delivery[]): Counts {
  const counts = { waiting: 0, delivered: 0, dead: 0 }
  for (const { state } of deliveries) counts[state] += 1
  return counts
}

const ns = (ms: number): string => String(BigInt(ms) * 1_000_000n)

/** `heldFor`: why nothing is delivered to its subscription at the moment. */
function renderDelivery(
  { subscription, state, tries, dueMs, reason, run }: Delivery,
  heldFor: string | undefined,
): string {
  const reasons = state === 'waiting' ? [heldFor, reason] : [reason]
  const told = reasons.filter(each => each !== undefined && each !== null)
  return joinMembers({
    subscription: quote(subscription),
    state: quote(state),
    tries: String(tries),
    nextTryTime: state === 'waiting' ? ns(dueMs) : undefined,
    reason: told.length > 0 ? JSON.stringify(told) : 'null',
    run: run === null ? undefined : quote(run),
  })
}

const membersOf = ({ id, emittedNs, body }: EventRecord, counts: Counts | undefined) => ({
  id: quote(id),
  emittedTime: String(emittedNs),
  event: body,
  counts: JSON.stringify(counts),
})

export const renderStored = (event: EventRecord, counts: Counts | undefined): string =>
  joinMembers(membersOf(event, counts))

export const renderStoredWhole = (
  event: EventRecord,
  deliveries: readonly Delivery[],
  heldFor: (subscriptionId: string) => string | undefined,
): string =>
  joinMembers({
    ...membersOf(event, countDeliveries(deliveries)),
    deliveries: `[${deliveries.map(each => renderDelivery(each, heldFor(each.subscriptionId))).join()}]`,
  })
