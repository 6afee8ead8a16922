/** Who goes on and on with credentials that prove nobody has to wait; who has good ones never does. */
import test from 'ava'
import type { Principal } from '../../../../../server/core/access.ts'
import { DispatchError } from '../../../../../server/core/errors.ts'
import { createAuthenticator } from '../../../../../server/iam/authenticate/authenticate.ts'

const jon: Principal = { kind: 'user', subject: 'jon' }

function createGuarded() {
  let nowMs = 1_800_000_000_000
  const prove = async (text: string) => {
    if (text === 'broken') throw new Error('the disk is gone')
    return text.startsWith('good') ? { principal: jon, untilMs: nowMs } : undefined
  }
  const authenticator = createAuthenticator({
    proveCertificate: async () => undefined,
    proofs: [{ fits: () => true, prove }],
    nowMs: () => nowMs,
  })
  const ask = async (credential: string, address = '10.0.0.1'): Promise<number> => {
    const authorization = credential === '' ? '' : `Bearer ${credential}`
    try {
      await authenticator.authenticate({
        authorization,
        cookie: '',
        peer: { address, isLocal: false, certificateName: '' },
      })
      return 200
    } catch (thrown) {
      return thrown instanceof DispatchError ? thrown.httpStatus : 500
    }
  }
  const pass = (ms: number): void => {
    nowMs += ms
  }
  return { ask, pass }
}

/** Resolves with how many different wrong ones were answered 401 before the first 429. */
async function guess(ask: (credential: string) => Promise<number>): Promise<number> {
  for (let count = 0; count < 1000; count += 1) if ((await ask(`wrong-${count}`)) === 429) return count
  return 1000
}

test('after a hundred different ones from an address it has to wait, and may then try again', async t => {
  const { ask, pass } = createGuarded()
  t.is(await guess(ask), 101)
  pass(1001)
  t.is(await ask('wrong-again'), 401)
  t.is(await ask('wrong-once-more'), 429)
})

test('good credentials count meanwhile, also those of a neighbour that were never seen before', async t => {
  const { ask } = createGuarded()
  await guess(ask)
  t.is(await ask('good-1'), 200)
  t.is(await ask('good-2'), 200)
  t.is(await ask('wrong', '10.0.0.2'), 401)
  t.is(await ask(''), 401)
})

test('a client that goes on with one that has expired is no guesser', async t => {
  const { ask } = createGuarded()
  for (let count = 0; count < 300; count += 1) t.is(await ask('expired'), 401)
})

test('what is our fault counts for nobody', async t => {
  const { ask } = createGuarded()
  t.is(await ask('broken'), 500)
  await guess(ask)
  t.is(await ask('broken'), 500)
})
