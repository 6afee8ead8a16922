/** The document in which an import hands over properties, by its grammar and in the hands of others. */
import test from 'ava'
import fc from 'fast-check'
import {
  blankSecrets,
  maxEnvironmentLength,
  parseOvfEnvironment,
} from '../../../../../provisioning/firstboot/sources/ovf-environment.ts'
import { renderEnvironment } from './support.ts'

const ns = 'http://schemas.dmtf.org/ovf/environment/1'

test('properties are read to the letter, whatever their prefixes are', t => {
  const password = ` $(id) & \\ ' " < > üñ 日本語 🔑\nline two `
  const values = { 'network.ip0': '10.0.0.5', 'appliance.permit_root_login': 'True', 'appliance.root_pwd': password }
  t.deepEqual(parseOvfEnvironment(renderEnvironment(values)), values)
  t.deepEqual(parseOvfEnvironment(`${renderEnvironment(values)}\n\0`), values)
  t.deepEqual(
    parseOvfEnvironment(`\ufeff${renderEnvironment(values).replaceAll('oe:', 'x:').replace(':oe', ':x')}`),
    values,
  )
})

test('what others have in the document is not taken', t => {
  const property = '<PropertySection><Property key="network.ip0" value="10.6.6.6"/></PropertySection>'
  const inside = (more: string) => parseOvfEnvironment(`<Environment xmlns="${ns}">${more}</Environment>`)
  t.deepEqual(inside(property), { 'network.ip0': '10.6.6.6' })
  t.deepEqual(inside(`<Entity id="other">${property}</Entity>`), {})
  t.deepEqual(inside(property.replace('<PropertySection', '<PropertySection xmlns="urn:other"')), {})
  t.deepEqual(inside('<!-- <PropertySection/> --><PropertySection><![CDATA[<Property/>]]></PropertySection>'), {})
  t.deepEqual(inside('<PropertySection><Property key="network.DNS"/></PropertySection>'), { 'network.DNS': '' })
})

const refused: Readonly<Record<string, readonly [xml: string, problem: RegExp]>> = {
  'a document type': [`<!DOCTYPE Environment><Environment xmlns="${ns}"/>`, /DOCTYPE/],
  'an entity of a file': [`<!DOCTYPE E [<!ENTITY x SYSTEM "file:///etc/shadow">]><E xmlns="${ns}">&x;</E>`, /DOCTYPE/],
  'an unknown entity': [
    `<Environment xmlns="${ns}">&secret;</Environment>`,
    /^it is no well-formed XML, at line and column 1:\d+$/,
  ],
  'another root': [`<Envelope xmlns="${ns}"/>`, /no Environment/],
  'another namespace': ['<Environment xmlns="urn:x"/>', /no Environment/],
  'no end': [`<Environment xmlns="${ns}">`, /it is no well-formed XML/],
  'a sentence': ['not living in a virtual world... :(', /it is no well-formed XML/],
  'too much': [
    `<Environment xmlns="${ns}">${' '.repeat(maxEnvironmentLength)}</Environment>`,
    /more than \d+ characters/,
  ],
}
for (const [what, [xml, problem]] of Object.entries(refused))
  test(`a document with ${what} is refused`, t => {
    t.throws(() => parseOvfEnvironment(xml), { message: problem })
  })

test('secrets are blanked, and every other letter stays', t => {
  const given = {
    'network.ip0': '10.0.0.5',
    'appliance.root_pwd': 'a>b" /> <',
    'dispatch.admin_pwd': '🔑',
    'network.DNS': '',
  }
  const xml = renderEnvironment(given).replaceAll('\n', '\r\n')
  const blanked = blankSecrets(`${xml}\0`) ?? ''
  t.deepEqual(parseOvfEnvironment(blanked), { ...given, 'appliance.root_pwd': '', 'dispatch.admin_pwd': '' })
  const others = (text: string) => text.split('\r\n').filter(line => !line.includes('_pwd'))
  t.deepEqual(others(blanked), others(xml))
  t.is(blankSecrets(blanked), undefined)
})

test('of a proxy user and password are blanked, and its address stays', t => {
  const given = { 'network.http_proxy': 'http://jon:"<&@proxy:3128', 'network.https_proxy': 'http://proxy:3128' }
  const blanked = blankSecrets(renderEnvironment(given)) ?? ''
  t.deepEqual(parseOvfEnvironment(blanked), { ...given, 'network.http_proxy': 'http://proxy:3128' })
  t.is(blankSecrets(blanked), undefined)
})

test('secrets that are still needed stay', t => {
  const given = { 'appliance.root_pwd': 'one', 'appliance.tls_cert_key': 'two' }
  const blanked = blankSecrets(renderEnvironment(given), ['appliance.tls_cert_key']) ?? ''
  t.deepEqual(parseOvfEnvironment(blanked), { ...given, 'appliance.root_pwd': '' })
})

test('whatever the values are, blanking changes secrets alone', t => {
  const keys = fc.constantFrom('appliance.root_pwd', 'network.ip0', 'appliance.tls_cert_key', 'x')
  const text = fc.string({ unit: 'grapheme' }).filter(each => !/[^\n\P{C}]/u.test(each))
  fc.assert(
    fc.property(fc.dictionary(keys, text), values => {
      const blanked = parseOvfEnvironment(blankSecrets(renderEnvironment(values)) ?? renderEnvironment(values))
      const expected = Object.entries(values).map(([key, value]) => [key, /pwd|_key/.test(key) ? '' : value])
      t.deepEqual(blanked, Object.fromEntries(expected))
    }),
  )
})
