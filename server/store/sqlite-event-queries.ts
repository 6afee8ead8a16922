/** The texts of the queries for events and deliveries. Each must be answered by an index, or by as many rows as it returns. */
import type { SQLInputValue } from 'node:sqlite'
import type { EventQuery } from './event-port.ts'

export const eventColumns = 'id, org, type, emitted_ns, body'
const deliveryColumns = 'event_id, subscription_id, subscription, state, tries, due_ms, reason, run'
/** Both as the partial index has it and as a bound on its column. */
const isWaiting = "state <> 'delivered' AND state = 'waiting'"
/** Marks stand beside what the store notes of itself. */
const markKey = "'mark:' || ?"
/** A list of texts, passed as JSON. */
const listed = '(SELECT value FROM json_each(?))'

export const eventQueries = {
  get: `SELECT ${eventColumns} FROM events WHERE id = ? AND org = ?`,
  after: `SELECT ${eventColumns} FROM events WHERE org = ? AND id > ? ORDER BY id LIMIT ?`,
  ofTypeAfter: `SELECT ${eventColumns} FROM events WHERE org = ? AND type = ? AND id > ? ORDER BY id LIMIT ?`,
  idBehind: 'SELECT id FROM events WHERE org = ? ORDER BY id DESC LIMIT 1 OFFSET ?',
  deliveries: `SELECT ${deliveryColumns} FROM deliveries WHERE event_id = ?`,
  counts: `SELECT event_id, state, count(*) AS count FROM deliveries WHERE event_id IN ${listed} GROUP BY event_id, state`,
  backlog: `SELECT state, count(*) AS count FROM deliveries
    WHERE subscription_id = ? AND state <> 'delivered' GROUP BY state`,
  waiting: `SELECT event_id, tries, due_ms FROM deliveries
    WHERE subscription_id = ? AND ${isWaiting} ORDER BY due_ms, event_id LIMIT ?`,
  nextSubscription: `SELECT subscription_id FROM deliveries
    WHERE subscription_id > ? AND state <> 'delivered' ORDER BY subscription_id LIMIT 1`,
  nextOrg: 'SELECT org FROM events WHERE org > ? ORDER BY org LIMIT 1',
  ages: `SELECT id, emitted_ns, EXISTS (SELECT 1 FROM deliveries WHERE event_id = events.id AND state = 'waiting') AS waits
    FROM events WHERE org = ? AND id > ? ORDER BY id LIMIT ?`,
  settle: `UPDATE deliveries SET state = ?, tries = ?, due_ms = ?, reason = ?, run = ?
    WHERE event_id = ? AND subscription_id = ? AND state <> 'delivered'`,
  retry: `UPDATE deliveries SET state = 'waiting', tries = 0, due_ms = ?
    WHERE event_id = ? AND org = ? AND state <> 'delivered'`,
  giveUp: `UPDATE deliveries SET state = 'dead', reason = ? WHERE (event_id, subscription_id) IN (
    SELECT event_id, subscription_id FROM deliveries WHERE subscription_id = ? AND ${isWaiting}
    ORDER BY due_ms DESC, event_id DESC LIMIT ? OFFSET ?)`,
  forget: `DELETE FROM deliveries WHERE (event_id, subscription_id) IN (
    SELECT event_id, subscription_id FROM deliveries WHERE subscription_id = ? AND state <> 'delivered' LIMIT ?)`,
  remove: `DELETE FROM events WHERE id IN ${listed}
    AND NOT EXISTS (SELECT 1 FROM deliveries WHERE event_id = events.id AND state = 'waiting')`,
  removeDeliveries: `DELETE FROM deliveries WHERE event_id IN ${listed}
    AND NOT EXISTS (SELECT 1 FROM events WHERE id = deliveries.event_id)`,
  mark: `SELECT value FROM meta WHERE key = ${markKey}`,
  putMark: `INSERT INTO meta VALUES (${markKey}, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
  removeMark: `DELETE FROM meta WHERE key = ${markKey}`,
}

/** Goes through an index alone, and is asked for at most every few seconds. */
export const totalsQuery = "SELECT state, count(*) AS count FROM deliveries WHERE state <> 'delivered' GROUP BY state"

interface Planned {
  sql: string
  values: SQLInputValue[]
}

export function planEventList({ org, type, dead = false, before, limit }: EventQuery): Planned {
  const id = dead ? 'event_id' : 'id'
  const conditions = ['org = ?']
  const values: SQLInputValue[] = [org]
  const add = (condition: string, value: SQLInputValue): void => {
    conditions.push(condition)
    values.push(value)
  }
  if (type !== undefined) add('type = ?', type)
  if (before !== undefined) add(`${id} < ?`, before)
  const narrowed = `WHERE ${conditions.join(' AND ')}`
  const dying = `SELECT DISTINCT event_id FROM deliveries ${narrowed} AND state = 'dead' ORDER BY event_id DESC LIMIT ?`
  return {
    sql: dead
      ? `SELECT ${eventColumns} FROM events WHERE id IN (${dying}) ORDER BY id DESC`
      : `SELECT ${eventColumns} FROM events ${narrowed} ORDER BY id DESC LIMIT ?`,
    values: [...values, limit],
  }
}
