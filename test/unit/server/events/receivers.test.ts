/** Which subscriptions an event is for. */
import test from 'ava'
import { planReceivers } from '../../../../server/events/receivers.ts'
import type { Subscription } from '../../../../server/events/schema.ts'

const subscription = (name: string, fields: Partial<Subscription> = {}): Subscription => ({
  ...{ id: name, org: 'o', name, revision: 1, status: 'READY', reason: null, tags: null },
  ...{ createdTimeSeconds: 0, modifiedTimeSeconds: 0, eventType: 'a.b', functionName: 'f', secrets: [] },
  ...fields,
})
const matched = (subscriptions: Subscription[], event: object) =>
  planReceivers(subscriptions)
    .match({ eventType: 'a.b', source: 's', ...event })
    .map(({ name }) => name)

test('every subscription to the type, whatever its status, but one that is being deleted', t => {
  const all = [
    subscription('ready'),
    subscription('error', { status: 'ERROR' }),
    subscription('creating', { status: 'CREATING' }),
    subscription('leaving', { status: 'DELETING' }),
    subscription('other', { eventType: 'a.bc' }),
  ]
  t.deepEqual(matched(all, {}), ['ready', 'error', 'creating'])
  t.is(planReceivers(all).byId.get('leaving'), undefined)
})

test('a prefix is for all types below it, and an asterisk for every type', t => {
  const all = [subscription('below', { eventType: 'a.*' }), subscription('all', { eventType: '*' })]
  const of = (eventType: string) => matched(all, { eventType })
  t.deepEqual(of('a.b'), ['below', 'all'])
  t.deepEqual(of('a.b.c'), ['below', 'all'])
  for (const other of ['a', 'ab', 'aa.b']) t.deepEqual(of(other), ['all'], other)
})

test('a filter asks for exact values of the source and of extensions', t => {
  const all = [
    subscription('source', { filter: { source: 's' } }),
    subscription('both', { filter: { source: 's', subject: 'x' } }),
    subscription('number', { filter: { priority: '3' } }),
    subscription('inherited', { filter: { constructor: 'x' } }),
  ]
  t.deepEqual(matched(all, {}), ['source'])
  t.deepEqual(matched(all, { source: 't', extensions: { source: 's' } }), [])
  t.deepEqual(matched(all, { extensions: { subject: 'x', priority: 3 } }), ['source', 'both', 'number'])
  t.deepEqual(matched(all, { extensions: { subject: 'xy' } }), ['source'])
})
