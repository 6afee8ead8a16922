import test from 'ava'
import { createRemembered } from '../../../../server/core/remembered.ts'

/** Readings that end when the test says so. */
function createReadings() {
  const begun: PromiseWithResolvers<string>[] = []
  const remembered = createRemembered(() => {
    const reading = Promise.withResolvers<string>()
    begun.push(reading)
    return reading.promise
  })
  return { begun, ...remembered }
}

test('one reading serves all who wait, and those who come later without a promise', async t => {
  const { begun, current } = createReadings()
  const both = Promise.all([current(), current()])
  begun[0]?.resolve('a')
  t.deepEqual(await both, ['a', 'a'])
  t.is(current(), 'a')
  t.is(begun.length, 1)
})

test('what was being read when it changed is given to those who waited, and not kept', async t => {
  const { begun, current, forget } = createReadings()
  const first = current()
  forget()
  const second = current()
  begun[1]?.resolve('new')
  begun[0]?.resolve('old')
  t.is(await first, 'old')
  t.is(await second, 'new')
  t.is(current(), 'new')
})

test('a reading that failed is begun anew', async t => {
  const { begun, current } = createReadings()
  const failed = current()
  begun[0]?.reject(new Error('no'))
  await t.throwsAsync(async () => failed, { message: 'no' })
  const second = current()
  begun[1]?.resolve('a')
  t.is(await second, 'a')
})
