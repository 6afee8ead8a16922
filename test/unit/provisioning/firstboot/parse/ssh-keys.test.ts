/** Which public keys may log in over SSH. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import test from 'ava'
import { faultsOf, parse } from './support.ts'

const field = (bytes: Buffer | string): Buffer => {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(Buffer.from(bytes).length)
  return Buffer.concat([length, Buffer.from(bytes)])
}
const blob = (...fields: (Buffer | string)[]): string => Buffer.concat(fields.map(field)).toString('base64')
const part = (key: KeyObject, name: 'n' | 'e' | 'x' | 'y'): Buffer =>
  Buffer.from(String(key.export({ format: 'jwk' })[name]), 'base64url')
const rsa = (bits: number): string => {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: bits })
  return blob('ssh-rsa', part(publicKey, 'e'), Buffer.concat([Buffer.alloc(1), part(publicKey, 'n')]))
}
const curve = (name: string, type: string): string => {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: name })
  const point = Buffer.concat([Buffer.of(4), part(publicKey, 'x'), part(publicKey, 'y')])
  return blob(type, type.replace('ecdsa-sha2-', ''), point)
}
const ed25519 = blob('ssh-ed25519', part(generateKeyPairSync('ed25519').publicKey, 'x'))
const ed = `ssh-ed25519 ${ed25519}`
const keys = (text: string) => parse({ 'appliance.ssh_keys': text }).settings.ssh.authorizedKeys

test('every type in use is taken, with its comment', t => {
  const lines = [
    `${ed} jon@example.com laptop`,
    `ssh-rsa ${rsa(2048)} jon`,
    `ecdsa-sha2-nistp256 ${curve('P-256', 'ecdsa-sha2-nistp256')}`,
    `ecdsa-sha2-nistp384 ${curve('P-384', 'ecdsa-sha2-nistp384')}`,
    `ecdsa-sha2-nistp521 ${curve('P-521', 'ecdsa-sha2-nistp521')}`,
    `sk-ssh-ed25519@openssh.com ${blob('sk-ssh-ed25519@openssh.com', Buffer.alloc(32, 7), 'ssh:')}`,
  ]
  t.deepEqual(faultsOf({ 'appliance.ssh_keys': lines.join('\n') }), [])
  t.deepEqual(keys(lines.join('\n')), lines)
  t.deepEqual(keys(`# mine\r\n\n${lines.join(' ;\r\n')};;`), lines)
  t.deepEqual(keys(`${ed} \t jon  ;  ${ed} jon`), [`${ed} jon`])
})

const bad: readonly (readonly [what: string, line: string, problem: RegExp])[] = [
  ['options', `command="/bin/true" ${ed}`, /it has options/],
  ['an option with a separator', `command="a;b" ${ed}`, /it has options|its type is none of/],
  ['an address only', `from="10.0.0.0/8" ${ed}`, /it has options/],
  ['another key behind', `${ed} jon ssh-rsa AAAA`, /another one in its line/],
  ['an old type', `ssh-dss ${blob('ssh-dss', 'x')}`, /its type is none of/],
  ['a certificate', `ssh-ed25519-cert-v01@openssh.com ${ed25519}`, /its type is none of/],
  ['another type within', `ssh-rsa ${ed25519}`, /not a key of type ssh-rsa/],
  ['too few bits', `ssh-rsa ${rsa(1024)}`, /fewer than 2048 bits/],
  ['an end that is missing', ed.slice(0, -8), /cut off/],
  ['a field too many', `ssh-ed25519 ${blob('ssh-ed25519', Buffer.alloc(32), 'x')}`, /not a key of its type/],
  ['no base64', 'ssh-ed25519 $$$$', /cut off or is no base64/],
  ['nothing behind its type', 'ssh-ed25519', /cut off/],
  ['a length that is beyond all', `ssh-rsa ${Buffer.alloc(9, 255).toString('base64')}`, /cut off/],
  ['another curve', `ecdsa-sha2-nistp256 ${curve('P-384', 'ecdsa-sha2-nistp384')}`, /not a key of type/],
  ['an escape in its comment', `${ed} \u001b[2J`, /control characters/],
  ['a name of an object', 'constructor AAAA', /its type is none of/],
]
for (const [what, line, problem] of bad)
  test(`a key with ${what} is left out, and another one is used`, t => {
    const given = `${line}\n${ed} kept`
    t.deepEqual(keys(given), [`${ed} kept`])
    const faults = faultsOf({ 'appliance.ssh_keys': given })
    t.true(faults.length > 0)
    for (const fault of faults) t.regex(fault, problem)
  })
