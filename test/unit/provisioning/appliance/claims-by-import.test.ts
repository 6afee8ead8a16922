/** A claim by a password that came with an import, which waits for the server while others may claim as well. */
import test from 'ava'
import { createClaimStage, moved, password, wanted, withKey } from './claim-stage.ts'

const given = { adminPassword: 'of the import' }

test('a password that an import brought does not come before a claim that waits for its network', async t => {
  const { claims, administrators } = createClaimStage()
  await claims.claim(moved, undefined)
  await t.throwsAsync(claims.claimBy(given, 'south'), { message: /being tried/ })
  await claims.confirm(undefined)
  await claims.claimBy(given, 'south')
  t.deepEqual(administrators, [{ organization: 'north', password }])
})

test('it sets the account too: a claim that failed before has locked it', async t => {
  const { claims, keeper, fails, machine, administrators, isClaimed } = createClaimStage()
  await keeper.boot({ 'dispatch.admin_pwd': password })
  fails.mark = true
  await t.throwsAsync(claims.claim(withKey, undefined), { message: /no space left/ })
  t.deepEqual(machine.applied.at(-1)?.credentials, { withdrawn: ['admin'] })
  fails.mark = false
  await claims.claimBy({ adminPassword: password }, 'dispatch')
  t.deepEqual(machine.applied.at(-1), { keys: [], credentials: { adminPassword: password } })
  t.deepEqual(administrators.at(-1), { organization: 'dispatch', password })
  t.true(isClaimed())
  await keeper.reapply()
  t.deepEqual(machine.applied.at(-1)?.credentials, {})
})

test('once somebody has claimed it changes nothing', async t => {
  const { claims, machine } = createClaimStage()
  await claims.claim(wanted, undefined)
  const before = machine.applied.length
  await claims.claimBy(given, 'south')
  t.is(machine.applied.length, before)
})
