/** Certificates and keys as people bring them, and those that a server could not show. */
import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto'
import test from 'ava'
import { createAuthority } from '../../../../helpers/authority.ts'
import { faultsOf, parse } from './support.ts'

const authority = await createAuthority('Lab')
const stranger = await createAuthority('Stranger')
const pair = await authority.issue({ commonName: 'dispatch.example.com', purpose: 'server' })
const ended = await authority.issue({ commonName: 'old.example.com', purpose: 'server', days: -1 })
const base64 = (text: string) => Buffer.from(text).toString('base64')
const values = (cert: string, key: string) => ({ 'appliance.tls_cert': cert, 'appliance.tls_cert_key': key })
const namesOf = (pem = '') =>
  pem.split(/(?<=-----END CERTIFICATE-----\n)/).map(each => new X509Certificate(each).subject)
const chain = `${pair.cert}${authority.cert}`

const ways: Readonly<Record<string, (pem: string) => string>> = {
  'as it is': pem => pem,
  'with the ends of lines of Windows': pem => pem.replaceAll('\n', '\r\n'),
  'with blanks for line breaks': pem => pem.replaceAll('\n', ' '),
  'without line breaks': pem => pem.replaceAll('\n', ''),
  'with line breaks spelt out': pem => pem.replaceAll('\n', '\\n'),
  'in base64': base64,
  'in base64 in lines': pem => base64(pem).replace(/.{76}/g, '$&\n'),
  'in base64, its blanks and all': pem => base64(pem.replaceAll('\n', ' ')).replace(/.{50}/g, '$& '),
  'with words in front': pem => `subject=CN = x\n${pem}`,
}
for (const [way, change] of Object.entries(ways))
  test(`a pair is taken ${way}`, t => {
    const { settings, faults } = parse(values(change(chain), change(pair.key)))
    t.deepEqual(faults, [])
    t.deepEqual(namesOf(settings.certificate?.chainPem), ['CN=dispatch.example.com', 'CN=Lab'])
    const key = createPrivateKey(settings.certificate?.keyPem ?? '')
    t.true(new X509Certificate(settings.certificate?.chainPem ?? '').checkPrivateKey(key))
  })

test('a chain comes into order', t => {
  const { settings, faults } = parse(values(`${authority.cert}${pair.cert}`, pair.key))
  t.deepEqual(faults, [])
  t.deepEqual(namesOf(settings.certificate?.chainPem), ['CN=dispatch.example.com', 'CN=Lab'])
})

const encrypt = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret words' } as const
const ecKey = createPrivateKey(pair.key)
const old = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
const oldEncrypted = old.export({ ...encrypt, type: 'pkcs1' })
const bad: readonly (readonly [what: string, cert: string, key: string, fault: RegExp])[] = [
  ['of another certificate', ended.cert, pair.key, /^appliance.tls_cert_key: it is not that of the certificate/],
  [
    'of another kind',
    pair.cert,
    old.export({ type: 'pkcs8', format: 'pem' }).toString(),
    /not that of the certificate/,
  ],
  ['encrypted', pair.cert, ecKey.export(encrypt).toString(), /^appliance.tls_cert_key: it is encrypted/],
  ['encrypted as of old', pair.cert, oldEncrypted.toString(), /^appliance.tls_cert_key: it is encrypted/],
  ['encrypted as of old, in one line', pair.cert, oldEncrypted.toString().replaceAll('\n', ' '), /it is encrypted/],
  ['missing', pair.cert, '', /^appliance.tls_cert_key: it is missing/],
  ['without a certificate', '', pair.key, /^appliance.tls_cert: it is missing/],
  ['rubbish', pair.cert, 'rubbish', /^appliance.tls_cert_key: it is neither PEM nor base64/],
  ['cut off', pair.cert, pair.key.slice(0, 90), /^appliance.tls_cert_key: its part PRIVATE KEY has no end/],
  ['damaged', pair.cert, pair.key.replace(/\n.{9}/, '\nAAAAAAAAA'), /cannot be read as a private key/],
  ['a certificate', pair.cert, pair.cert, /^appliance.tls_cert_key: there is no private key in it/],
  ['there twice', pair.cert, pair.key + pair.key, /more than one private key/],
  ['in the certificate too', pair.cert + pair.key, pair.key, /^appliance.tls_cert: there is a private key in it/],
  ['of one that has ended', ended.cert, ended.key, /^appliance.tls_cert: .*old.example.com' ended on/],
  ['of one with a stranger', pair.cert + stranger.cert, pair.key, /1 of its certificates have issued none/],
]
for (const [what, cert, key, fault] of bad)
  test(`a pair is not taken where the key is ${what}`, t => {
    const faults = faultsOf(values(cert, key))
    t.is(parse(values(cert, key)).settings.certificate, undefined)
    t.is(faults.length, 1)
    t.regex(faults[0] ?? '', fault)
    for (const part of key.match(/[\w+/=]{16,}/g) ?? []) t.false(faults[0]?.includes(part), 'no key in a fault')
  })

test('authorities are told apart, and those that are none are left out', t => {
  const given = { 'appliance.ca_cert': `${authority.cert}${pair.cert}${stranger.cert}`.replaceAll('\n', ' ') }
  const { settings } = parse(given)
  t.deepEqual(settings.authorities.map(namesOf), [['CN=Lab'], ['CN=Stranger']])
  t.deepEqual(faultsOf(given), ["appliance.ca_cert: 'CN=dispatch.example.com' is no authority (CA:TRUE)"])
})

test('what is before its time or after it is not trusted', t => {
  const days = (count: number) => Date.now() + count * 86_400_000
  const given = { 'appliance.ca_cert': authority.cert }
  t.is(parse(given).settings.authorities.length, 1)
  t.regex(parse(given, days(366)).faults[0]?.problem ?? '', /ended on/)
  t.regex(parse(given, days(-11)).faults[0]?.problem ?? '', /begins on/)
})
