/** Writes to events and deliveries, inside the transaction of their group. */
import type { DatabaseSync } from 'node:sqlite'
import type { NewEvent } from './event-port.ts'
import { eventQueries } from './sqlite-event-queries.ts'
import type { EventWrite } from './write.ts'

/** Returns the function that applies one write and tells how many rows it changed. */
export function createEventApply(database: DatabaseSync): (write: EventWrite) => number | bigint {
  const insertEvent = database.prepare('INSERT INTO events VALUES (?, ?, ?, ?, ?)')
  const insertDelivery = database.prepare("INSERT INTO deliveries VALUES (?, ?, ?, ?, ?, 'waiting', 0, ?, NULL, NULL)")
  const settle = database.prepare(eventQueries.settle)
  const retry = database.prepare(eventQueries.retry)
  const giveUp = database.prepare(eventQueries.giveUp)
  const forget = database.prepare(eventQueries.forget)
  const remove = database.prepare(eventQueries.remove)
  const removeDeliveries = database.prepare(eventQueries.removeDeliveries)
  const putMark = database.prepare(eventQueries.putMark)
  const removeMark = database.prepare(eventQueries.removeMark)
  const put = ({ id, org, type, emittedNs, body, receivers }: NewEvent): void => {
    insertEvent.run(id, org, type, emittedNs, body)
    const dueMs = emittedNs / 1_000_000n
    for (const { subscriptionId, subscription } of receivers)
      insertDelivery.run(id, subscriptionId, subscription, org, type, dueMs)
  }
  return write => {
    switch (write.type) {
      case 'putEvents':
        for (const event of write.events) put(event)
        if (write.mark) putMark.run(write.mark.key, write.mark.value)
        return write.events.length
      case 'removeMark':
        return removeMark.run(write.key).changes
      case 'settleDelivery': {
        const { state, tries, dueMs, reason, run } = write.progress
        return settle.run(state, tries, dueMs, reason, run, write.eventId, write.subscriptionId).changes
      }
      case 'retryEvent':
        return retry.run(write.dueMs, write.eventId, write.org).changes
      case 'giveUpDeliveries':
        return giveUp.run(write.reason, write.subscriptionId, write.limit, write.keep).changes
      case 'forgetSubscription':
        return forget.run(write.subscriptionId, write.limit).changes
      case 'removeEvents': {
        const ids = JSON.stringify(write.ids)
        const { changes } = remove.run(ids)
        removeDeliveries.run(ids)
        return changes
      }
    }
  }
}
