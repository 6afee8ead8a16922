/** Guessing costs time: for each user, for each address, and never more memory than so much. */
import test from 'ava'
import { DispatchError } from '../../../../server/core/errors.ts'
import {
  addressLimits,
  createCounter,
  createLockout,
  keyOfAddress,
  userLimits,
} from '../../../../server/iam/lockout.ts'

const createTime = () => {
  let nowMs = 1_800_000_000_000
  return {
    nowMs: () => nowMs,
    pass: (ms: number) => {
      nowMs += ms
    },
  }
}
const wrong = async () => undefined
const right = async () => true as const
const refusalOf = async (work: Promise<unknown>): Promise<DispatchError> => {
  const thrown = await work.then(
    () => undefined,
    cause => cause,
  )
  if (!(thrown instanceof DispatchError)) throw new Error(`not refused: ${thrown}`)
  return thrown
}

test('the pause begins behind the free tries, doubles, and has an end', async t => {
  const time = createTime()
  const lockout = createLockout(time.nowMs)
  const who = { user: 'jon', address: '10.0.0.1' }
  for (let tries = 0; tries <= userLimits.freeTries; tries += 1) t.is(await lockout.attempt(who, wrong), undefined)
  const pauses: number[] = []
  for (let tries = 0; tries < 12; tries += 1) {
    // From elsewhere: the address has tries of its own.
    const refused = await refusalOf(lockout.attempt({ ...who, address: `10.0.1.${tries}` }, right))
    t.deepEqual([refused.entry, refused.httpStatus], ['LOCKED_OUT', 429])
    pauses.push(refused.retryAfterSeconds ?? 0)
    time.pass((refused.retryAfterSeconds ?? 0) * 1000)
    t.is(await lockout.attempt({ ...who, address: `10.0.2.${tries}` }, wrong), undefined)
  }
  t.deepEqual(pauses.slice(0, 4), [1, 2, 4, 8])
  t.is(pauses.at(-1), userLimits.maxPauseMs / 1000)
})

test('who gets in has all tries again; an hour makes all forgotten', async t => {
  const time = createTime()
  const lockout = createLockout(time.nowMs)
  const who = { user: 'jon', address: '10.0.0.1' }
  for (let round = 0; round < 3; round += 1) {
    for (let tries = 0; tries < userLimits.freeTries; tries += 1) await lockout.attempt(who, wrong)
    t.true(await lockout.attempt(who, right))
  }
  const other = { user: 'arya', address: '10.0.0.2' }
  for (let tries = 0; tries <= userLimits.freeTries; tries += 1) await lockout.attempt(other, wrong)
  await refusalOf(lockout.attempt(other, right))
  time.pass(userLimits.forgetMs + 1000)
  t.true(await lockout.attempt(other, right))
})

test('one address that goes through many users has to wait, others do not', async t => {
  const lockout = createLockout(createTime().nowMs)
  for (let tries = 0; tries <= addressLimits.freeTries; tries += 1)
    await lockout.attempt({ user: `user${tries}`, address: '10.0.0.1' }, wrong)
  await refusalOf(lockout.attempt({ user: 'jon', address: '10.0.0.1' }, right))
  t.throws(() => lockout.checkAddress('10.0.0.1'), { instanceOf: DispatchError })
  t.true(await lockout.attempt({ user: 'jon', address: '10.0.0.2' }, right))
})

test('failures elsewhere count for an address too', t => {
  const lockout = createLockout(createTime().nowMs)
  for (let tries = 0; tries <= addressLimits.freeTries; tries += 1) {
    lockout.checkAddress('10.0.0.1')
    lockout.addressFailed('10.0.0.1')
  }
  t.like(
    t.throws(() => lockout.checkAddress('10.0.0.1')),
    { httpStatus: 429, retryAfterSeconds: 1 },
  )
})

test('tries at the same time count before they are over', async t => {
  const lockout = createLockout(createTime().nowMs)
  const { promise, resolve } = Promise.withResolvers<undefined>()
  const tries = Array.from({ length: 50 }, () => lockout.attempt({ user: 'jon', address: '10.0.0.1' }, () => promise))
  resolve(undefined)
  const results = await Promise.allSettled(tries)
  t.is(results.filter(({ status }) => status === 'fulfilled').length, userLimits.freeTries + 1)
})

test('what goes wrong on our side is no failure of who asks', async t => {
  const lockout = createLockout(createTime().nowMs)
  const who = { user: 'jon', address: '10.0.0.1' }
  for (let tries = 0; tries < 30; tries += 1)
    await t.throwsAsync(
      lockout.attempt(who, () => Promise.reject(new Error('disk'))),
      { message: 'disk' },
    )
  t.true(await lockout.attempt(who, right))
})

for (const [title, work] of [
  ['a right password', right],
  ['one that there was no room to look at', async () => Promise.reject(new Error('busy'))],
] as const)
  test(`${title} begins no pause anew`, async t => {
    const time = createTime()
    const lockout = createLockout(time.nowMs)
    for (let tries = 0; tries < 40; tries += 1) {
      time.pass(addressLimits.maxPauseMs)
      await lockout.attempt({ user: `user${tries}`, address: '10.0.0.1' }, wrong)
    }
    time.pass(addressLimits.maxPauseMs)
    const who = { user: 'jon', address: '10.0.0.1' }
    await lockout.attempt(who, work).catch(() => undefined)
    t.true(await lockout.attempt(who, right))
    t.is(await lockout.attempt(who, wrong), undefined)
    t.is((await refusalOf(lockout.attempt(who, right))).retryAfterSeconds, addressLimits.maxPauseMs / 1000)
  })

test('strangers who guess lock nobody out of where they have logged in before', async t => {
  const lockout = createLockout(createTime().nowMs, (user, address) => user === 'jon' && address === '10.0.0.1')
  for (let tries = 0; tries <= userLimits.freeTries; tries += 1)
    await lockout.attempt({ user: 'jon', address: '10.6.6.6' }, wrong)
  const home = { user: 'jon', address: '10.0.0.1' }
  t.true(await lockout.attempt(home, right))
  await refusalOf(lockout.attempt({ user: 'jon', address: '10.0.0.2' }, right))
  for (let tries = 0; tries <= userLimits.freeTries; tries += 1) await lockout.attempt(home, wrong)
  await refusalOf(lockout.attempt(home, right))
})

test('the oldest is forgotten when there are too many', t => {
  const counter = createCounter({ ...userLimits, freeTries: 0, maxKept: 3 }, createTime().nowMs)
  for (const key of ['a', 'b', 'c', 'a', 'd']) counter.fail(key)
  t.deepEqual(
    ['a', 'b', 'c', 'd'].map(key => counter.waitMs(key) > 0),
    [true, false, true, true],
  )
})

for (const [address, key] of [
  ['10.0.0.1', '10.0.0.1'],
  ['::ffff:10.0.0.1', '10.0.0.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:db8:1:2:ffff::1', '2001:db8:1:2'],
  ['2001:db8::1', '2001:db8:0:0'],
  ['::1', '0:0:0:0'],
  ['', ''],
] as const)
  test(`the address ${address} counts as ${key}`, t => t.is(keyOfAddress(address), key))
