/** Workers are lent for as many calls as they take; a lease has one end. */
import test from 'ava'
import fc from 'fast-check'
import { createQueue } from '../../../../server/engine/queue.ts'
import { createSlots, type Lease } from '../../../../server/engine/slots.ts'

function open<T>(afterCall: (worker: T) => void = () => undefined) {
  const limits = { maxWaiting: 100, maxWaitingInAll: 100, maxWaitingBytes: 1000, waitMs: 60_000 }
  const queue = createQueue<Lease<T>>({ limits, room: { count: 0, bytes: 0 }, elapsedMs: () => performance.now() })
  return { queue, slots: createSlots<T>({ queue, afterCall }) }
}

test('a free worker is lent at once, the one used last first', t => {
  const { slots } = open<string>()
  slots.add('a', 1)
  slots.add('b', 1)
  t.is(slots.take()?.worker, 'b')
  t.is(slots.take()?.worker, 'a')
  t.is(slots.take(), undefined)
})

test('a worker of several calls is lent until it is full', t => {
  const { slots } = open<string>()
  slots.add('a', 2)
  const [first, second] = [slots.take(), slots.take()]
  t.deepEqual([first?.worker, second?.worker, slots.take()], ['a', 'a', undefined])
  first?.end()
  t.is(slots.findIdle(), undefined)
  t.is(slots.take()?.worker, 'a')
})

test('a second end of a lease changes nothing', t => {
  const { slots } = open<string>()
  slots.add('a', 1)
  const lease = slots.take()
  lease?.end()
  lease?.end()
  t.truthy(slots.take())
  t.is(slots.take(), undefined)
  t.is(slots.leased, 1)
})

test('a removed worker is not lent again when its lease ends', t => {
  const { slots } = open<string>()
  slots.add('a', 1)
  const lease = slots.take()
  slots.remove('a')
  lease?.end()
  t.is(slots.take(), undefined)
})

test('a retired worker is lent no more, and told of once its last call has ended', t => {
  const { slots } = open<string>()
  const freed: string[] = []
  slots.add('idle', 1)
  slots.retire('idle', () => freed.push('idle'))
  slots.add('busy', 2)
  const leases = [slots.take(), slots.take()]
  slots.retire('busy', () => freed.push('busy'))
  leases[0]?.end()
  t.deepEqual(freed, ['idle'])
  leases[1]?.end()
  t.deepEqual(freed, ['idle', 'busy'])
  t.is(slots.take(), undefined)
})

test('a worker can be retired the moment its call ends: who waits gets another one', async t => {
  const { slots, queue } = open<string>(worker => worker === 'a' && slots.retire(worker, () => slots.add('b', 1)))
  slots.add('a', 1)
  const lease = slots.take()
  const waiting = queue.wait({ bytes: 1 })
  lease?.end()
  t.is((await waiting).worker, 'b')
})

test('it knows how many workers had nothing to do since it was asked last', t => {
  const { slots } = open<string>()
  for (const worker of ['a', 'b', 'c']) slots.add(worker, 1)
  slots.takeLowWater()
  t.is(slots.takeLowWater(), 3)
  const leases = [slots.take(), slots.take()]
  for (const lease of leases) lease?.end()
  t.is(slots.findIdle(), 'a')
  t.is(slots.takeLowWater(), 1)
  t.is(slots.takeLowWater(), 3)
})

/** Slots with a record of what is lent, and the steps that can be taken with them. */
function createBoard() {
  const { slots, queue } = open<number>()
  const members = new Map<number, number>()
  const leases: Lease<number>[] = []
  const over: Lease<number>[] = []
  const lent = (n: number) => leases.filter(({ worker }) => worker === n).length
  const steps = {
    take: () => {
      const lease = slots.take()
      if (lease) leases.push(lease)
    },
    wait: () => {
      const push = (lease: Lease<number>) => leases.push(lease)
      queue.wait({ bytes: 1 }).then(push, () => undefined)
    },
    // A worker joins once: its number comes back only after it was removed and its leases have ended.
    add: (n: number) => {
      if (members.has(n) || lent(n) > 0) return
      members.set(n, 1 + (n % 3))
      slots.add(n, 1 + (n % 3))
    },
    remove: (n: number) => {
      members.delete(n)
      slots.remove(n)
    },
    end: (n: number) => {
      for (const lease of leases.splice(n, 1)) {
        lease.end()
        over.push(lease)
      }
    },
    endAgain: (n: number) => over[n]?.end(),
  }
  return { slots, queue, members, leases, lent, steps }
}

test('whatever happens, no worker is lent beyond its capacity and none is lost', async t => {
  const step = fc.constantFrom('take', 'wait', 'end', 'endAgain', 'add', 'remove')
  const property = fc.asyncProperty(fc.array(fc.tuple(step, fc.nat(5)), { maxLength: 60 }), async taken => {
    const { slots, queue, members, leases, lent, steps } = createBoard()
    for (const [name, n] of taken) {
      steps[name](n)
      await Promise.resolve()
      await Promise.resolve()
      for (const [worker, capacity] of members) t.true(lent(worker) <= capacity)
      t.is(slots.leased, leases.length)
    }
    queue.rejectAll(new Error('over'))
    for (const lease of leases.splice(0)) lease.end()
    const places = [...members.values()].reduce((total, capacity) => total + capacity, 0)
    for (let place = 0; place <= places; place += 1) steps.take()
    t.is(leases.length, places)
    for (const [worker, capacity] of members) t.is(lent(worker), capacity)
  })
  await t.notThrowsAsync(fc.assert(property))
})
