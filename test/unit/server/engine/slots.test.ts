/** Workers go to the calls that wait longest, one call each; a lease has one end. */
import test from 'ava'
import fc from 'fast-check'
import { createSlots, type Lease, QueueFullError } from '../../../../server/engine/slots.ts'

test('an idle worker is lent at once, the one used last first', t => {
  const slots = createSlots<string>(10)
  slots.add('a')
  slots.add('b')
  t.is(slots.take()?.worker, 'b')
  t.is(slots.take()?.worker, 'a')
  t.is(slots.take(), undefined)
})

test('first come, first served', async t => {
  const slots = createSlots<string>(10)
  const order: string[] = []
  const calls = ['first', 'second', 'third'].map(async name => {
    const lease = await slots.wait()
    order.push(name)
    lease.end()
  })
  t.is(slots.waiting, 3)
  slots.add('a')
  await Promise.all(calls)
  t.deepEqual(order, ['first', 'second', 'third'])
})

test('a second end of a lease changes nothing', t => {
  const slots = createSlots<string>(10)
  slots.add('a')
  const lease = slots.take()
  lease?.end()
  lease?.end()
  t.truthy(slots.take())
  t.is(slots.take(), undefined)
  t.is(slots.leased, 1)
})

test('a removed worker is not lent again when its lease ends', t => {
  const slots = createSlots<string>(10)
  slots.add('a')
  const lease = slots.take()
  slots.remove('a')
  lease?.end()
  t.is(slots.take(), undefined)
})

test('the queue is bounded', async t => {
  const slots = createSlots<string>(1)
  void slots.wait()
  await t.throwsAsync(slots.wait(), { instanceOf: QueueFullError, message: '1 calls are waiting already' })
})

test('who gives up waiting makes room and is not served', async t => {
  const slots = createSlots<string>(1)
  const patience = new AbortController()
  const impatient = slots.wait(patience.signal)
  patience.abort(new Error('too late'))
  await t.throwsAsync(impatient, { message: 'too late' })
  const patient = slots.wait()
  slots.add('a')
  t.is((await patient).worker, 'a')
})

test('those who wait can be turned away, the first alone or all', async t => {
  const slots = createSlots<string>(10)
  const [first, second, third] = [slots.wait(), slots.wait(), slots.wait()]
  slots.rejectFirst(new Error('one'))
  await t.throwsAsync(first, { message: 'one' })
  slots.rejectAll(new Error('all'))
  await t.throwsAsync(second, { message: 'all' })
  await t.throwsAsync(third, { message: 'all' })
})

/** Slots with a record of what is lent, and the steps that can be taken with them. */
function createBoard() {
  const slots = createSlots<number>(100)
  const members = new Set<number>()
  const open: Lease<number>[] = []
  const over: Lease<number>[] = []
  const steps = {
    take: () => {
      const lease = slots.take()
      if (lease) open.push(lease)
    },
    wait: () => {
      const push = (lease: Lease<number>) => open.push(lease)
      slots.wait().then(push, () => undefined)
    },
    // A worker joins once: its number comes back only after it was removed and its lease has ended.
    add: (n: number) => {
      if (members.has(n) || open.some(lease => lease.worker === n)) return
      members.add(n)
      slots.add(n)
    },
    remove: (n: number) => {
      members.delete(n)
      slots.remove(n)
    },
    end: (n: number) => {
      for (const lease of open.splice(n, 1)) {
        lease.end()
        over.push(lease)
      }
    },
    endAgain: (n: number) => over[n]?.end(),
  }
  return { slots, members, open, steps }
}

test('whatever happens, no worker is lent twice and none is lost', async t => {
  const step = fc.constantFrom('take', 'wait', 'end', 'endAgain', 'add', 'remove')
  const property = fc.asyncProperty(fc.array(fc.tuple(step, fc.nat(5)), { maxLength: 60 }), async taken => {
    const { slots, members, open, steps } = createBoard()
    for (const [name, n] of taken) {
      steps[name](n)
      await Promise.resolve()
      t.is(new Set(open.map(lease => lease.worker)).size, open.length)
      t.is(slots.leased, open.length)
    }
    slots.rejectAll(new Error('over'))
    for (const lease of open.splice(0)) lease.end()
    for (const _ of members) steps.take()
    t.deepEqual(open.map(lease => lease.worker).sort(), [...members].sort())
  })
  await t.notThrowsAsync(fc.assert(property))
})
