import test from 'ava'
import { type Asked, local, type Principal } from '../../../../server/core/access.ts'
import { createAuthenticator } from '../../../../server/iam/authenticate/authenticate.ts'
import { createGate } from '../../../../server/iam/gate.ts'

const jon: Principal = { kind: 'user', subject: 'jon' }
const asked: Asked = {
  ...{ access: { resource: 'function', action: 'get' }, org: 'dispatch', organization: 'existing' },
  ...{ authorization: 'Bearer t', cookie: '', peer: { address: '192.0.2.1', isLocal: false, certificateName: '' } },
}

/** Knows the credential `t` alone. */
function createKnowing() {
  const proof = {
    fits: () => true,
    prove: async (credential: string) => (credential === 't' ? { principal: jon, untilMs: 1 } : undefined),
  }
  const authenticator = createAuthenticator({
    proveCertificate: async () => undefined,
    proofs: [proof],
    nowMs: () => 0,
  })
  return { authenticator, gate: createGate(authenticator, (_, { org }) => org) }
}

test('who was let in of late is let in without a promise, as the same principal', async t => {
  const { gate } = createKnowing()
  t.deepEqual(await gate.admit(asked), { principal: jon, org: 'dispatch' })
  const again = gate.admit(asked)
  t.false(again instanceof Promise)
  t.deepEqual(again, { principal: jon, org: 'dispatch' })
})

test('what credentials prove is asked anew after changes that may make it untrue', async t => {
  const { authenticator, gate } = createKnowing()
  const isRemembered = () => !(gate.admit(asked) instanceof Promise)
  for (const [change, expected] of [
    [{ kind: 'Token', removed: false }, true],
    [{ kind: 'Function', removed: true }, true],
    [{ kind: 'Token', removed: true }, false],
    [{ kind: 'ServiceAccount', removed: false }, false],
    [{ kind: 'ServiceAccount', removed: true }, false],
  ] as const) {
    await gate.admit(asked)
    authenticator.follow(change)
    t.is(isRemembered(), expected, `${change.kind} ${change.removed}`)
  }
})

test('who comes by the local socket is the user of this machine, whatever the request holds', t => {
  const { gate } = createKnowing()
  const peer = { address: '', isLocal: true, certificateName: '' }
  t.deepEqual(gate.admit({ ...asked, authorization: 'Bearer wrong', peer }), { principal: local, org: 'dispatch' })
})

test('an event driver is nobody until its operation has looked at its token', t => {
  const { gate } = createKnowing()
  const admitted = gate.admit({ ...asked, access: 'driver', authorization: '' })
  t.deepEqual(admitted, { principal: { kind: 'driver', subject: '' }, org: '' })
})

test('who says nothing, or what proves nobody, is refused', async t => {
  const { gate } = createKnowing()
  for (const authorization of ['', 'Bearer x', 'Basic t'])
    await t.throwsAsync(async () => gate.admit({ ...asked, authorization }), {
      message: /credentials|Authorization header/,
    })
})
