/** A login does the same work whoever is named, so that its time tells nobody which users there are. */
import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import test from 'ava'
import { createTestApp } from '../../../helpers/test-app.ts'

/** What each hash costs that is derived from now on. It is below every port of ours, where no work can be left out unseen. */
function watchHashes(): object[] {
  const costs: object[] = []
  const { argon2 } = crypto
  const watched: typeof argon2 = (algorithm, parameters, callback) => {
    const { memory, passes, parallelism, tagLength } = parameters
    costs.push({ algorithm, memory, passes, parallelism, tagLength })
    argon2(algorithm, parameters, callback)
  }
  Object.assign(crypto, { argon2: watched })
  syncBuiltinESMExports()
  return costs
}

test('one hash of the same cost is derived for a user that exists, one without a password, and one that does not exist', async t => {
  const costs = watchHashes()
  const { call } = await createTestApp(t, {}, { hashParameters: { memoryKibibytes: 128, passes: 2, lanes: 1 } })
  await call('POST', '/v1/iam/user', { name: 'jon', password: 'winter is not coming yet' })
  await call('POST', '/v1/iam/user', { name: 'arya' })
  for (const user of ['jon', 'arya', 'nobody']) {
    costs.length = 0
    const { status } = await call('POST', '/v1/iam/login', { user, password: 'winter is coming' })
    t.is(status, 401)
    t.deepEqual(costs, [{ algorithm: 'argon2id', memory: 128, passes: 2, parallelism: 1, tagLength: 32 }], user)
  }
})
