import test from 'ava'
import { trialMs } from '../../../../provisioning/appliance/keeper.ts'
import { windowMs } from '../../../../provisioning/appliance/setup-window.ts'
import { createClaimStage, key, moved, password, wanted, withKey } from './claim-stage.ts'

test('of two claims at the same moment one wins, and later ones are refused', async t => {
  const { claims, administrators } = createClaimStage()
  const settled = await Promise.allSettled([claims.claim(wanted, undefined), claims.claim(wanted, undefined)])
  t.deepEqual(
    settled.map(({ status }) => status),
    ['fulfilled', 'rejected'],
  )
  await t.throwsAsync(claims.claim(wanted, undefined), { message: /claimed already/ })
  t.deepEqual(administrators, [{ organization: 'north', password }])
})

test('a claim that moves the network is one once the network is confirmed', async t => {
  const { claims, isClaimed } = createClaimStage()
  t.like(await claims.claim(moved, undefined), { outcome: 'trial', addresses: ['10.0.0.5'] })
  t.false(isClaimed())
  t.like(await claims.confirm(undefined), { outcome: 'claimed', organization: 'north' })
  t.true(isClaimed())
})

test('who confirms a network after a claim went back with another one is not told of a claim', async t => {
  const { claims, keeper, expire, isClaimed } = createClaimStage()
  await claims.claim(moved, undefined)
  await expire()
  await keeper.change({ values: { 'network.ip0': '10.0.0.6/24' } })
  t.deepEqual(await claims.confirm(undefined), { outcome: 'kept', failures: [] })
  t.false(isClaimed())
})

test('a claim whose administrator the server does not take leaves nothing behind', async t => {
  const { claims, fails, machine, isClaimed } = createClaimStage()
  fails.server = true
  await t.throwsAsync(claims.claim(withKey, undefined), { message: 'the server does not answer' })
  t.deepEqual(machine, { stored: {}, applied: [] })
  t.false(isClaimed())
  fails.server = false
  t.like(await claims.claim(withKey, undefined), { outcome: 'claimed', sshLogin: 'both' })
  t.deepEqual(machine.applied, [{ keys: [key], credentials: { adminPassword: password } }])
})

test('a claim that cannot be marked goes back: no key, and no password, lets anybody in', async t => {
  const { claims, keeper, claiming, fails, machine, isClaimed } = createClaimStage()
  fails.mark = true
  await t.throwsAsync(claims.claim(withKey, undefined), { message: /no space left/ })
  t.deepEqual(machine.stored, {})
  t.deepEqual(machine.applied.at(-1), { keys: [], credentials: { withdrawn: ['admin'] } })
  t.false(isClaimed())
  t.deepEqual([...claiming, keeper.isClaiming()], [true, false, false])
})

test('a claim that cannot be marked goes back on a disk that takes nothing more, and all of it once it takes something', async t => {
  const { claims, keeper, fails, machine, former, problems } = createClaimStage()
  Object.assign(fails, { mark: true, storeFrom: 2 })
  await t.throwsAsync(claims.claim(withKey, undefined), { message: /no space left/ })
  t.deepEqual(machine.applied.at(-1), { keys: [], credentials: { withdrawn: ['admin'] } })
  t.deepEqual(keeper.current().values, {})
  t.true(keeper.isTakingBack())
  t.deepEqual(await former.read(), {}, 'the next power-on goes back as well')
  t.regex(problems.all().join(), /not taken back as a whole.*read-only/)

  fails.storeFrom = Number.POSITIVE_INFINITY
  await keeper.reapply()
  t.deepEqual(machine.stored, {})
  t.false(keeper.isTakingBack())
  t.is(await former.read(), undefined)
  t.deepEqual(problems.all(), [])
})

test('a claim after one that failed is whole: nothing of it is taken back later', async t => {
  const { claims, keeper, fails, machine, former } = createClaimStage()
  Object.assign(fails, { mark: true, storeFrom: 2 })
  await t.throwsAsync(claims.claim(withKey, undefined))
  Object.assign(fails, { mark: false, storeFrom: Number.POSITIVE_INFINITY })
  await claims.claim(wanted, undefined)
  await keeper.reapply()
  t.deepEqual(machine.applied.slice(-2), [
    { keys: [], credentials: { adminPassword: password } },
    { keys: [], credentials: {} },
  ])
  t.is(await former.read(), undefined)
})

test('from before the first change until the claim is marked the way back is on disk', async t => {
  const { claims, keeper, former, machine, waysBack, claiming } = createClaimStage()
  const { keep } = former
  former.keep = () => Promise.reject(new Error('no space left on device'))
  await t.throwsAsync(claims.claim(withKey, undefined), { message: /no space left/ })
  t.deepEqual(machine, { stored: {}, applied: [] })
  former.keep = keep
  await claims.claim(withKey, undefined)
  t.deepEqual(waysBack, { store: {}, apply: {}, mark: {} })
  t.deepEqual([...claiming, keeper.isClaiming()], [true, false])
  t.is(await former.read(), undefined)
})

test('a network whose claim cannot be marked is still the one that is tried', async t => {
  const { claims, keeper, fails, machine, expire } = createClaimStage()
  await claims.claim({ ...moved, 'appliance.ssh_keys': key }, undefined)
  fails.mark = true
  await t.throwsAsync(claims.confirm(undefined), { message: /no space left/ })
  t.truthy(keeper.trying())
  const withdrawn = { keys: [], credentials: { withdrawn: ['admin'] } }
  t.deepEqual(machine.applied.at(-1), { ...withdrawn, address: '10.0.0.5' })
  await expire()
  t.deepEqual(machine.applied.at(-1), { keys: [], credentials: {} })
  t.is(keeper.trying(), undefined)
})

test('a confirmed network whose claim fails is still on trial: it is confirmed again, or goes back', async t => {
  const { claims, keeper, fails, machine, expire } = createClaimStage()
  await claims.claim(moved, undefined)
  fails.server = true
  await t.throwsAsync(claims.confirm(undefined), { message: 'the server does not answer' })
  t.deepEqual(machine.stored, {})
  t.truthy(keeper.trying())
  fails.server = false
  t.like(await claims.confirm(undefined), { outcome: 'claimed' })
  t.is(keeper.trying(), undefined)
  await expire()
  t.is(keeper.current().settings.network.address?.address, '10.0.0.5')
})

test('who claimed in time confirms the network with the same code, though the time for the set-up ends in between', async t => {
  const { claims, window, clock } = createClaimStage()
  const code = { code: window.code() ?? '', from: '192.0.2.1' }
  clock.ms = windowMs - 1000
  t.like(await claims.claim(moved, code), { outcome: 'trial' })
  // Applying it takes a while, and only then the time to confirm begins.
  clock.ms += trialMs + 30_000
  t.like(await claims.confirm(code), { outcome: 'claimed' })
})

test('without a claim the time for the set-up is not longer', async t => {
  const { claims, window, clock } = createClaimStage()
  const code = { code: window.code() ?? '', from: '192.0.2.1' }
  clock.ms = windowMs - 1
  await t.throwsAsync(claims.claim({}, code), { message: /mend what is named/ })
  clock.ms += 1
  await t.throwsAsync(claims.claim(moved, code), { message: /is over/ })
})
