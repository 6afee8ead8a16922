/** The tokens that service accounts sign, as the original's command line makes them. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import test, { type ExecutionContext } from 'ava'
import { SignJWT } from 'jose'
import { giveOrganization, givePolicy, giveToken } from '../helpers/credentials.ts'
import { createTestApp } from '../helpers/test-app.ts'

const keys = [0, 1].map(() => generateKeyPairSync('rsa', { modulusLength: 2048 }))
const [first, second] = keys.map(({ publicKey, privateKey }) => ({
  publicKey: Buffer.from(publicKey.export({ type: 'spki', format: 'pem' })).toString('base64'),
  privateKey,
}))

async function bearerOf(issuer: string, key: KeyObject | undefined): Promise<{ authorization: string }> {
  const nowS = Math.floor(Date.now() / 1000)
  const claims = { iss: issuer, iat: nowS - 60, exp: nowS + 3600 }
  if (!key) throw new Error('no key')
  return { authorization: `Bearer ${await new SignJWT(claims).setProtectedHeader({ alg: 'RS256' }).sign(key)}` }
}

/** With the account dispatch/robot, which may read in both organizations. */
async function createGuarded(t: ExecutionContext) {
  const { store, call } = await createTestApp(t, {}, { auth: 'required' })
  await giveOrganization(store, 'elsewhere')
  await givePolicy(store, { subjects: ['jon'] })
  await givePolicy(store, { subjects: ['robot'], actions: ['get'] })
  await givePolicy(store, { subjects: ['dispatch/robot'], actions: ['get'], org: 'elsewhere' })
  const jon = await giveToken(store, { subject: 'jon' })
  const path = '/v1/iam/serviceaccount'
  await call('POST', path, { name: 'robot', publicKey: first?.publicKey }, jon)
  const list = async (headers: Record<string, string>) => {
    const { status, body } = await call('GET', '/v1/function', undefined, headers)
    return [status, body.message]
  }
  return {
    list,
    replaceKey: () => call('PUT', `${path}/robot`, { name: 'robot', publicKey: second?.publicKey }, jon),
    remove: () => call('DELETE', `${path}/robot`, undefined, jon),
  }
}

const ok = [200, undefined]
const cause =
  'it is not signed by the key of its service account, or that is not there; see dispatch iam get serviceaccounts'
const wrong = [401, `unable to validate bearer token: ${cause}`]

test('an account is known by its token, with the organization that it names or its own', async t => {
  const { list } = await createGuarded(t)
  const headers = await bearerOf('dispatch/robot', first?.privateKey)
  t.deepEqual(await list(headers), ok)
  t.deepEqual(await list({ ...headers, 'x-dispatch-org': '' }), ok)
  t.deepEqual(await list({ ...headers, 'x-dispatch-org': 'elsewhere' }), ok)
})

test('an account of the same name in another organization is somebody else', async t => {
  const { list } = await createGuarded(t)
  t.deepEqual(await list(await bearerOf('elsewhere/robot', first?.privateKey)), wrong)
})

test('a token that is in use is refused as soon as its account has another key, or is gone', async t => {
  const { list, replaceKey, remove } = await createGuarded(t)
  const old = await bearerOf('dispatch/robot', first?.privateKey)
  t.deepEqual(await list(old), ok)
  await replaceKey()
  t.deepEqual(await list(old), wrong)
  const fresh = await bearerOf('dispatch/robot', second?.privateKey)
  t.deepEqual(await list(fresh), ok)
  await remove()
  t.deepEqual(await list(fresh), wrong)
})
