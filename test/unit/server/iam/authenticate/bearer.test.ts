import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import test from 'ava'
import { SignJWT } from 'jose'
import { createBearerProof } from '../../../../../server/iam/authenticate/bearer.ts'

const nowMs = 1_800_000_000_000
const nowS = nowMs / 1000
const keys = generateKeyPairSync('rsa', { modulusLength: 2048 })
const others = generateKeyPairSync('rsa', { modulusLength: 2048 })

const encode = (key: KeyObject, type: 'spki' | 'pkcs1'): string =>
  Buffer.from(key.export({ type, format: 'pem' })).toString('base64')
const known = new Map([
  ['dispatch/robot', encode(keys.publicKey, 'spki')],
  ['dispatch/old.robot', encode(keys.publicKey, 'pkcs1')],
])
const proof = createBearerProof({
  findAccount: async (org, name) => {
    const publicKey = known.get(`${org}/${name}`)
    return publicKey === undefined ? undefined : { publicKey }
  },
  nowMs: () => nowMs,
})

/** As the command line of the original makes it. */
const claims = { iss: 'dispatch/robot', iat: nowS - 60, exp: nowS + 3600 }
const sign = (
  payload: object,
  { alg = 'RS256', key = keys.privateKey }: { alg?: string; key?: KeyObject | Uint8Array } = {},
) => new SignJWT({ ...payload }).setProtectedHeader({ alg }).sign(key)
const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

for (const alg of ['RS256', 'RS384', 'RS512']) {
  test(`a token signed by ${alg} proves its account until it expires`, async t => {
    t.deepEqual(await proof.prove(await sign(claims, { alg })), {
      principal: { kind: 'account', subject: 'robot', org: 'dispatch' },
      untilMs: claims.exp * 1000,
    })
  })
}

test('a key may be in the older form, and a name may hold a dot', async t => {
  const proven = await proof.prove(await sign({ ...claims, iss: 'dispatch/old.robot' }))
  t.is(proven?.principal.subject, 'old.robot')
})

test('a token is told by its three parts', t => {
  t.true(proof.fits('a.b.c'))
  t.false(proof.fits('dst_abc'))
})

const unsigned = (payload: object): string => `${encoded({ alg: 'none' })}.${encoded(payload)}.`
const refusals: [string, () => string | Promise<string>, RegExp][] = [
  ['another key', () => sign(claims, { key: others.privateKey }), /not signed by the key of its service account/],
  ['an account that is not there', () => sign({ ...claims, iss: 'dispatch/nobody' }), /not signed by the key/],
  ['an account of another organization', () => sign({ ...claims, iss: 'other/robot' }), /not signed by the key/],
  ['the algorithm none', () => unsigned(claims), /must be signed by one of RS256, RS384, RS512/],
  [
    'the public key as a shared secret',
    () => sign(claims, { alg: 'HS256', key: Buffer.from(keys.publicKey.export({ type: 'spki', format: 'pem' })) }),
    /must be signed by one of/,
  ],
  ['the algorithm PS256', () => sign(claims, { alg: 'PS256' }), /must be signed by one of/],
  ['a time that is over', () => sign({ ...claims, exp: nowS - 31 }), /it has expired/],
  ['no end', () => sign({ iss: claims.iss, iat: claims.iat }), /missing required "exp" claim/],
  ['a time to come', () => sign({ ...claims, nbf: nowS + 31 }), /"nbf" claim timestamp check failed/],
  ['a birth to come', () => sign({ ...claims, iat: nowS + 31 }), /it is from the future/],
  ['no issuer', () => sign({ exp: claims.exp }), /^missing issuer claim in unvalidated token$/],
  [
    'an issuer without organization',
    () => sign({ ...claims, iss: 'robot' }),
    /^invalid issuer claim: missing org info$/,
  ],
  ['an empty organization', () => sign({ ...claims, iss: '/robot' }), /^invalid issuer claim: missing org info$/],
  ['what is no token', () => 'a.b.c', /it is no JSON Web Token/],
  ['a token that is too long', () => `a.b.${'c'.repeat(20_000)}`, /longer than 16384 characters/],
]

for (const [title, make, message] of refusals) {
  test(`a token with ${title} is refused`, async t => {
    const error = await t.throwsAsync(async () => proof.prove(await make()))
    t.regex(error?.message ?? '', message)
    t.like(error, { httpStatus: 401 })
  })
}

test('an account that is not there is refused in the same words as a wrong key', async t => {
  const messages = [
    await sign({ ...claims, iss: 'dispatch/nobody' }),
    await sign({ ...claims, iss: 'dispatch/robot' }, { key: others.privateKey }),
  ].map(token => proof.prove(token).catch((thrown: Error) => thrown.message))
  const [nobody, wrong] = await Promise.all(messages)
  t.is(nobody, wrong)
})
