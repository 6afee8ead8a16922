/** A claim by a password that came with an import, which waits for the server while others may claim as well. */
import test from 'ava'
import { createClaimStage, moved, password, wanted } from './claim-stage.ts'

const given = { adminPassword: 'of the import' }

test('a password that an import brought does not come before a claim that waits for its network', async t => {
  const { claims, administrators } = createClaimStage()
  await claims.claim(moved, undefined)
  await t.throwsAsync(claims.claimBy(given, 'south'), { message: /being tried/ })
  await claims.confirm(undefined)
  await claims.claimBy(given, 'south')
  t.deepEqual(administrators, [{ organization: 'north', password }])
})

test('what was wrong with what came with it stays told', async t => {
  const { claims, keeper, isClaimed } = createClaimStage()
  const { faults } = await keeper.boot({ 'dispatch.admin_pwd': password, 'appliance.root_pwd': 'short' })
  t.is(faults.length, 1)
  await claims.claimBy({ adminPassword: password }, 'dispatch')
  t.true(isClaimed())
  t.deepEqual(keeper.current().faults, faults)
})

test('after a claim that failed the account has the password of the import again, once nothing of that claim is left', async t => {
  const { claims, fails, machine, isClaimed } = createClaimStage()
  Object.assign(fails, { mark: true, storeFrom: 2 })
  await t.throwsAsync(claims.claim(wanted, undefined), { message: /no space left/ })
  fails.mark = false
  await t.throwsAsync(claims.claimBy(given, 'south'), { message: /still being taken back/ })
  t.false(isClaimed())
  fails.storeFrom = Number.POSITIVE_INFINITY
  await claims.claimBy(given, 'south')
  t.true(isClaimed())
  t.deepEqual(machine.applied.at(-1), { keys: [], credentials: given })
})

test('without one before it the machine is left as it is: the account has the password since the boot', async t => {
  const { claims, fails, machine } = createClaimStage()
  fails.server = true
  await t.throwsAsync(claims.claimBy(given, 'south'), { message: 'the server does not answer' })
  fails.server = false
  await claims.claimBy(given, 'south')
  t.deepEqual(machine.applied, [])
})

test('once somebody has claimed it changes nothing', async t => {
  const { claims, machine } = createClaimStage()
  await claims.claim(wanted, undefined)
  const before = machine.applied.length
  await claims.claimBy(given, 'south')
  t.is(machine.applied.length, before)
})
