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

test('once somebody has claimed it changes nothing', async t => {
  const { claims, machine } = createClaimStage()
  await claims.claim(wanted, undefined)
  const before = machine.applied.length
  await claims.claimBy(given, 'south')
  t.is(machine.applied.length, before)
})
