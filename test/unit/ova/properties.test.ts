import test from 'ava'
import { renderDescriptor } from '../../../ova/descriptor.ts'
import { guestKey, properties } from '../../../ova/properties.ts'
import { descendantsNamed, type ParsedElement, parseXml } from '../../../ova/verify/xml.ts'
import { applianceFacts } from './support/spoil.ts'

const disk = { fileName: 'd.vmdk', fileBytes: 9000, capacityBytes: 21474836480, populatedBytes: 0 }
const root = parseXml(renderDescriptor({ ...applianceFacts, disk, properties }))
const sections = descendantsNamed(root, 'ProductSection')
const childTexts = (parent: ParsedElement | undefined, name: string) =>
  parent?.children.filter(child => child.name === name).map(({ text }) => text)

test('the properties of the original are there, with their types and labels', t => {
  const original = {
    'appliance.root_pwd': '1.1. Root Password',
    'appliance.permit_root_login': '1.2. Permit Root Login',
    'appliance.tls_cert': '1.3. Appliance TLS Certificate',
    'appliance.tls_cert_key': '1.4. Appliance TLS Certificate Key',
    'appliance.ca_cert': '1.5. Certificate Authority Certificate',
    'network.ip0': '2.1. Network IP Address',
    'network.netmask0': '2.2. Network Netmask',
    'network.gateway': '2.3. Default Gateway',
    'network.DNS': '2.4. Domain Name Servers',
    'network.searchpath': '2.5. Domain Search Path',
    'network.fqdn': '2.6. FQDN',
  }
  const labels = Object.fromEntries(properties.map(property => [guestKey(property), property.label]))
  t.like(labels, original)
  t.deepEqual(
    Object.keys(labels).filter(key => key in original),
    Object.keys(original),
  )
  t.like(
    properties.find(property => guestKey(property) === 'appliance.permit_root_login'),
    { type: 'boolean', default: 'true' },
  )
  t.like(
    properties.find(property => guestKey(property) === 'vm.vmname'),
    { fixed: true, default: 'dispatch' },
  )
})

test('every key is there once, and what hides a secret is marked', t => {
  t.is(new Set(properties.map(guestKey)).size, properties.length)
  t.deepEqual(properties.filter(({ password }) => password).map(guestKey), [
    'appliance.root_pwd',
    'appliance.tls_cert_key',
    'dispatch.admin_pwd',
  ])
})

test('one section a class: its category in front, all properties behind it', t => {
  t.deepEqual(
    sections.map(section => [section.attributes.get('ovf:class'), childTexts(section, 'Category')]),
    [
      ['appliance', ['1. Appliance Configuration']],
      ['network', ['2. Networking Properties']],
      ['dispatch', ['3. Dispatch']],
      ['vm', ['4. Virtual Machine']],
    ],
  )
  const keys = sections.flatMap(section =>
    section.children
      .filter(({ name }) => name === 'Property')
      .map(({ attributes }) => `${section.attributes.get('ovf:class')}.${attributes.get('ovf:key')}`),
  )
  t.deepEqual(keys, properties.map(guestKey))
})

test('the last section names the product, for VirtualBox keeps what it says', t => {
  const last = sections.at(-1)
  t.deepEqual(childTexts(last, 'Product'), ['Dispatch Solo'])
  t.deepEqual(childTexts(last, 'Version'), [applianceFacts.version])
})

test('attributes are those of the property, and the guest gets them', t => {
  const attributesOf = (key: string) =>
    Object.fromEntries(
      descendantsNamed(root, 'Property').find(({ attributes }) => attributes.get('ovf:key') === key)?.attributes ?? [],
    )
  t.deepEqual(attributesOf('root_pwd'), {
    'ovf:key': 'root_pwd',
    'ovf:password': 'true',
    'ovf:type': 'string',
    'ovf:userConfigurable': 'true',
    'ovf:value': '',
  })
  t.is(attributesOf('tls_cert')['ovf:qualifiers'], 'MaxLen(65535)')
  t.is(attributesOf('vmname')['ovf:userConfigurable'], 'false')
  t.is(attributesOf('permit_root_login')['ovf:value'], 'true')
  const [hardware] = descendantsNamed(root, 'VirtualHardwareSection')
  t.is(hardware?.attributes.get('ovf:transport'), 'com.vmware.guestInfo')
})
