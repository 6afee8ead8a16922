/** What functions may use follows from the machine's memory, within bounds. */
import test from 'ava'
import fc from 'fast-check'
import { planSizes } from '../../../../server/engine/sizes.ts'

const mebibyte = 2 ** 20
const gibibyte = 2 ** 30

test('of machines of 1, 4 and 24 GiB', t => {
  t.deepEqual(planSizes(gibibyte), {
    memoryBytes: 256 * mebibyte,
    maxWorkers: 10,
    maxPooled: 4,
    maxWaiting: 256,
    maxWaitingInAll: 512,
    maxWaitingBytes: 128 * mebibyte,
  })
  t.like(planSizes(4 * gibibyte), { memoryBytes: 512 * mebibyte, maxWorkers: 42, maxPooled: 16, maxWaitingInAll: 2048 })
  t.like(planSizes(24 * gibibyte), {
    memoryBytes: 512 * mebibyte,
    maxWorkers: 256,
    maxPooled: 96,
    maxWaitingInAll: 10_000,
  })
})

test('whole numbers, never less on a larger machine, and half of the queue for each function', t => {
  const property = fc.property(fc.nat(2 ** 40), fc.nat(2 ** 40), (one, more) => {
    const [small, large] = [planSizes(one), planSizes(one + more)]
    for (const size of Object.values(small)) t.true(Number.isSafeInteger(size) && size > 0)
    t.true(small.maxWorkers <= large.maxWorkers && small.maxWaitingInAll <= large.maxWaitingInAll)
    t.true(small.maxWaiting * 2 <= small.maxWaitingInAll)
  })
  t.notThrows(() => fc.assert(property))
})
