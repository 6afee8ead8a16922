/** What every store promises for events and their deliveries. */
import type { TestFn } from 'ava'
import type { DeliveryProgress, EventStore, NewEvent } from '../../../server/store/event-port.ts'
import type { OpenStore } from './entity-cases.ts'

const baseNs = 1_700_000_000_000_000_000n
const idOf = (number: number): string => `01a20d76-6e31-7${String(number).padStart(3, '0')}-a2b7-4c460a224a6e`
const to = (...names: string[]) => names.map(subscription => ({ subscriptionId: `s-${subscription}`, subscription }))

export const event = (number: number, overrides: Partial<NewEvent> = {}): NewEvent => ({
  id: idOf(number),
  org: 'solo',
  type: 'user.created',
  emittedNs: baseNs + BigInt(number) * 1_000_000n,
  body: `{"n":${number}}`,
  receivers: [],
  ...overrides,
})

const withoutReceivers = ({ receivers: _, ...record }: NewEvent) => record
const progress = (fields: Partial<DeliveryProgress> = {}): DeliveryProgress => ({
  ...{ state: 'dead', tries: 5, dueMs: 0, reason: 'it failed', run: idOf(999) },
  ...fields,
})
const keyOf = (number: number, name: string) => ({ eventId: idOf(number), subscriptionId: `s-${name}` })
const waitingOf = async (events: EventStore, name: string, limit = 99) =>
  (await events.waiting(`s-${name}`, limit)).map(({ eventId }) => eventId)

export function eventCases(test: TestFn, open: OpenStore): void {
  test('an event comes back exactly, with a waiting delivery for each receiver', async t => {
    const { events } = await open(t)
    const stored = event(1, { emittedNs: 1_732_447_123_123_456_789n, receivers: to('b', 'a') })
    await events.put([stored])
    t.deepEqual(await events.get('solo', stored.id), withoutReceivers(stored))
    t.is(await events.get('other', stored.id), undefined)
    t.is(await events.get('solo', idOf(2)), undefined)
    const fresh = { eventId: stored.id, state: 'waiting', tries: 0, dueMs: 1_732_447_123_123, reason: null, run: null }
    t.deepEqual(await events.deliveries(stored.id), to('a', 'b').map(receiver => ({ ...fresh, ...receiver })) as never)
    t.deepEqual(await events.totals(), { waiting: 2, dead: 0 })
  })

  test('several events are stored as a whole or not at all', async t => {
    const { events } = await open(t)
    await events.put([])
    await events.put([event(1), event(2)])
    await t.throwsAsync(events.put([event(3), event(1)]))
    t.is(await events.get('solo', idOf(3)), undefined)
    t.is(await events.lastId('solo'), idOf(2))
    t.is(await events.lastId('other'), undefined)
  })

  test('a mark is stored with its events or not at all, and stands for the last one of its key', async t => {
    const { events } = await open(t)
    t.is(await events.mark('a'), undefined)
    await events.put([event(1)], { key: 'a', value: '1' })
    await events.put([], { key: 'a', value: '2' })
    await events.put([event(2)], { key: 'b', value: '1' })
    await t.throwsAsync(events.put([event(3), event(1)], { key: 'a', value: '3' }))
    t.deepEqual([await events.mark('a'), await events.mark('b')], ['2', '1'])
    await events.removeMark('a')
    await events.removeMark('a')
    t.deepEqual([await events.mark('a'), await events.mark('b')], [undefined, '1'])
  })

  test('lists are newest first, by pages, of a type, and of what has a dead delivery', async t => {
    const { events } = await open(t)
    await events.put([1, 2, 3, 4, 5].map(number => event(number, { receivers: to('a', 'b') })))
    await events.put([event(6, { type: 'other' }), event(7, { org: 'other' })])
    const list = async (query: object) =>
      (await events.list({ org: 'solo', limit: 99, ...query })).map(({ id }) => Number(id.slice(15, 18)))
    t.deepEqual(await list({}), [6, 5, 4, 3, 2, 1])
    t.deepEqual(await list({ limit: 2, before: idOf(5) }), [4, 3])
    t.deepEqual(await list({ type: 'user.created', limit: 2 }), [5, 4])
    t.deepEqual(await list({ type: 'other', before: idOf(6) }), [])
    t.deepEqual(await list({ dead: true }), [])
    for (const number of [2, 4]) for (const name of ['a', 'b']) await events.settle(keyOf(number, name), progress())
    t.deepEqual(await list({ dead: true }), [4, 2])
    t.deepEqual(await list({ dead: true, type: 'user.created', limit: 1 }), [4])
    t.deepEqual(await list({ dead: true, type: 'user.created', before: idOf(4) }), [2])
    t.deepEqual(await list({ dead: true, type: 'other' }), [])
    t.deepEqual(await events.totals(), { waiting: 6, dead: 4 })
    await events.settle(keyOf(1, 'a'), progress({ state: 'delivered' }))
    t.deepEqual(await events.backlog('s-a'), { waiting: 2, dead: 2 })
    t.deepEqual(await events.backlog('none'), { waiting: 0, dead: 0 })
  })

  test('what came after an event is told oldest first', async t => {
    const { events } = await open(t)
    await events.put([event(1), event(2, { type: 'other' }), event(3), event(4, { org: 'other' }), event(5)])
    const after = async (id: string, query = {}) =>
      (await events.listAfter({ org: 'solo', limit: 99, ...query }, id)).map(({ body }) => body)
    t.deepEqual(await after(''), ['{"n":1}', '{"n":2}', '{"n":3}', '{"n":5}'])
    t.deepEqual(await after(idOf(1), { limit: 1 }), ['{"n":2}'])
    t.deepEqual(await after(idOf(1), { type: 'user.created' }), ['{"n":3}', '{"n":5}'])
    t.deepEqual(await after(idOf(5)), [])
  })

  test('what waits is found by its subscription: what is due first, then the older event', async t => {
    const { events } = await open(t)
    await events.put([2, 1, 3].map(number => event(number, { emittedNs: baseNs, receivers: to('a') })))
    await events.put([event(4, { receivers: to('b') })])
    t.deepEqual(await waitingOf(events, 'a'), [idOf(1), idOf(2), idOf(3)])
    t.deepEqual(await waitingOf(events, 'a', 2), [idOf(1), idOf(2)])
    const dueMs = 1_700_000_600_000
    t.true(await events.settle(keyOf(1, 'a'), progress({ state: 'waiting', tries: 1, dueMs })))
    t.true(await events.settle(keyOf(2, 'a'), progress({ state: 'delivered' })))
    t.deepEqual(await waitingOf(events, 'a'), [idOf(3), idOf(1)])
    t.deepEqual((await events.waiting('s-a', 9))[1], { eventId: idOf(1), tries: 1, dueMs })
    t.deepEqual(await waitingOf(events, 'none'), [])
  })

  test('of what waits too much for a subscription the first to be due is given up, and can be delivered or tried again', async t => {
    const { events } = await open(t)
    await events.put([1, 2, 3, 4, 5].map(number => event(number, { receivers: to('a', 'b') })))
    await events.settle(keyOf(1, 'a'), progress({ state: 'delivered' }))
    await events.settle(keyOf(2, 'a'), progress({ state: 'waiting', dueMs: 1_700_000_600_000 }))
    const excess = { keep: 2, reason: 'too many' }
    t.is(await events.giveUp('s-a', { ...excess, limit: 1 }), 1)
    t.deepEqual(await waitingOf(events, 'a'), [idOf(3), idOf(5), idOf(2)])
    t.is(await events.giveUp('s-a', { ...excess, limit: 9 }), 1)
    t.is(await events.giveUp('s-a', { ...excess, limit: 9 }), 0)
    t.deepEqual(await waitingOf(events, 'a'), [idOf(5), idOf(2)])
    t.is((await waitingOf(events, 'b')).length, 5)
    t.like((await events.deliveries(idOf(3)))[0], { state: 'dead', reason: 'too many', tries: 0 })
    t.true(await events.settle(keyOf(3, 'a'), progress({ state: 'delivered' })))
    t.is(await events.retry('solo', idOf(4), 0), 2)
    t.deepEqual(await waitingOf(events, 'a'), [idOf(4), idOf(5), idOf(2)])
  })

  test('what is not delivered can be settled', async t => {
    const { events } = await open(t)
    await events.put([event(1, { receivers: to('a') })])
    t.true(await events.settle(keyOf(1, 'a'), progress({ state: 'delivered', reason: null, tries: 1 })))
    t.false(await events.settle(keyOf(1, 'a'), progress()))
    t.false(await events.settle(keyOf(1, 'b'), progress()))
    t.like((await events.deliveries(idOf(1)))[0], { state: 'delivered', reason: null, tries: 1, run: idOf(999) })
  })

  test('a retry has what is dead or waits due at once, with all its tries, and leaves what is delivered', async t => {
    const { events } = await open(t)
    await events.put([event(1, { receivers: to('a', 'b', 'c') })])
    await events.settle(keyOf(1, 'a'), progress())
    await events.settle(keyOf(1, 'b'), progress({ state: 'delivered' }))
    t.is(await events.retry('other', idOf(1), 7), 0)
    t.is(await events.retry('solo', idOf(2), 7), 0)
    t.is(await events.retry('solo', idOf(1), 7), 2)
    const found = (await events.deliveries(idOf(1))).map(({ state, tries, dueMs }) => [state, tries, dueMs])
    t.deepEqual(found, [
      ['waiting', 0, 7],
      ['delivered', 5, 0],
      ['waiting', 0, 7],
    ])
  })

  test('a subscription is forgotten with what waits for it and what is dead, not with what was delivered', async t => {
    const { events } = await open(t)
    await events.put([1, 2, 3, 4].map(number => event(number, { receivers: to('a', 'b') })))
    await events.settle(keyOf(1, 'a'), progress({ state: 'delivered' }))
    await events.settle(keyOf(2, 'a'), progress())
    t.is(await events.forgetSubscription('s-a', 2), 2)
    t.is(await events.forgetSubscription('s-a', 2), 1)
    t.is(await events.forgetSubscription('s-a', 2), 0)
    t.is((await waitingOf(events, 'b')).length, 4)
    t.deepEqual(
      (await events.deliveries(idOf(1))).map(({ state }) => state),
      ['delivered', 'waiting'],
    )
    t.is((await events.deliveries(idOf(2))).length, 1)
  })

  test('deliveries are counted by their state', async t => {
    const { events } = await open(t)
    await events.put([event(1, { receivers: to('a', 'b', 'c') }), event(2), event(3, { receivers: to('a') })])
    await events.settle(keyOf(1, 'b'), progress())
    const counts = await events.counts([idOf(1), idOf(2)])
    t.deepEqual(
      counts.sort((a, b) => a.state.localeCompare(b.state)),
      [
        { eventId: idOf(1), state: 'dead', count: 1 },
        { eventId: idOf(1), state: 'waiting', count: 2 },
      ],
    )
  })

  test('subscriptions with something undelivered are found one after the other, organizations with events too', async t => {
    const { events } = await open(t)
    await events.put([event(1, { receivers: to('b', 'a', 'c') }), event(2, { org: 'other', receivers: to('d') })])
    await events.settle(keyOf(1, 'b'), progress({ state: 'delivered' }))
    await events.settle(keyOf(1, 'c'), progress())
    const found: string[] = []
    for (let id = await events.nextSubscription(); id; id = await events.nextSubscription(id)) found.push(id)
    t.deepEqual(found, ['s-a', 's-c', 's-d'])
    t.is(await events.nextOrg(), 'other')
    t.is(await events.nextOrg('other'), 'solo')
    t.is(await events.nextOrg('solo'), undefined)
  })

  test('retention sees the age of events and what waits, and removes nothing that waits', async t => {
    const { events } = await open(t)
    await events.put([1, 2, 3].map(number => event(number, { receivers: to('a') })))
    await events.settle(keyOf(1, 'a'), progress({ state: 'delivered' }))
    await events.settle(keyOf(3, 'a'), progress())
    const age = (number: number, waits: boolean) => ({ id: idOf(number), emittedNs: event(number).emittedNs, waits })
    t.deepEqual(await events.ages('solo', { after: '', limit: 2 }), [age(1, false), age(2, true)])
    t.deepEqual(await events.ages('solo', { after: idOf(2), limit: 2 }), [age(3, false)])
    t.is(await events.idBehind('solo', 0), idOf(3))
    t.is(await events.idBehind('solo', 2), idOf(1))
    t.is(await events.idBehind('solo', 3), undefined)
    t.is(await events.remove([1, 2, 3].map(idOf)), 2)
    t.deepEqual(
      (await events.list({ org: 'solo', limit: 9 })).map(({ id }) => id),
      [idOf(2)],
    )
    t.deepEqual(await events.deliveries(idOf(3)), [])
    t.is((await events.deliveries(idOf(2))).length, 1)
  })

  test('writes to events are not told by the feed', async t => {
    const store = await open(t)
    store.onChange(() => t.fail())
    await store.events.put([event(1, { receivers: to('a') })])
    t.true(await store.events.settle(keyOf(1, 'a'), progress()))
  })
}
