import test from 'ava'
import { createProvenCache } from '../../../../../server/iam/authenticate/cache.ts'
import type { Proven } from '../../../../../server/iam/authenticate/proof.ts'

/** A cache of two, whose proofs count how often each was asked for. */
function createCounted() {
  const time = { nowMs: 0 }
  const asked: string[] = []
  const cache = createProvenCache({ maxEntries: 2, maxHeaderLength: 10, nowMs: () => time.nowMs })
  const find = (header: string): Proven | Promise<Proven> =>
    cache.find(header, async () => {
      asked.push(header)
      return { principal: { kind: 'user', subject: header }, untilMs: 100 }
    })
  return { cache, find, asked, time }
}

test('who is known is known at once, as the same object', async t => {
  const { find, asked } = createCounted()
  const first = await find('a')
  t.is(find('a'), first)
  t.deepEqual(asked, ['a'])
})

test('the one that was not used for longest makes room', async t => {
  const { find, asked } = createCounted()
  for (const header of ['a', 'b', 'a', 'c', 'a', 'b']) await find(header)
  t.deepEqual(asked, ['a', 'b', 'c', 'b'])
})

test('a credential is proved anew when its time is over', async t => {
  const { find, asked, time } = createCounted()
  await find('a')
  time.nowMs = 99
  await find('a')
  t.is(asked.length, 1)
  time.nowMs = 100
  await find('a')
  t.is(asked.length, 2)
})

test('what was being proved when all was forgotten is not remembered', async t => {
  const { cache, find, asked } = createCounted()
  const proving = find('a')
  cache.clear()
  await proving
  await find('a')
  t.deepEqual(asked, ['a', 'a'])
})

test('long headers and refusals are not remembered', async t => {
  const { cache, find, asked } = createCounted()
  await find('a'.repeat(11))
  await find('a'.repeat(11))
  t.is(asked.length, 2)
  const refuse = async (): Promise<Proven> => {
    asked.push('refused')
    throw new Error('no')
  }
  await t.throwsAsync(async () => cache.find('b', refuse))
  await t.throwsAsync(async () => cache.find('b', refuse))
  t.is(asked.length, 4)
})
