/** The form asks for what an import can say, and what it says reaches the agent by those keys. */
import test from 'ava'
import { guestKey, properties } from '../../../../ova/properties.ts'
import {
  fillIn,
  findComplaints,
  planMove,
  readEntries,
  toProblems,
  toValues,
  withoutSecrets,
} from '../../../../provisioning/setup/entries.ts'
import { allFields } from '../../../../provisioning/setup/fields.ts'

const entriesOf = (form: Record<string, string>) => readEntries(name => form[name])

/** Properties that the page does not ask for: an import, or `dispatch appliance settings`, gives them. */
const notAsked = [
  ...['appliance.root_pwd', 'appliance.permit_root_login', 'appliance.ca_cert'],
  ...['dispatch.organization', 'vm.vmname'],
]

test('every property is asked for or known not to be, and every key is one of a property, or the MTU', t => {
  const asked = allFields.flatMap(({ key }) => key ?? [])
  t.deepEqual([...asked, ...notAsked].toSorted(), [...properties.map(guestKey), 'network.mtu'].toSorted())
})

test('what is running is filled in, without secrets and certificates', t => {
  const values = {
    ...{ 'network.ip0': '10.0.0.5/24', 'network.DNS': '10.0.0.1', 'network.mtu': '9000' },
    ...{ 'dispatch.admin_pwd': 'secret', 'appliance.tls_cert': 'PEM', 'appliance.tls_cert_key': 'KEY' },
  }
  const entries = fillIn({ values, present: { 'network.ip0': '10.9.9.9/8', 'network.gateway': '10.9.9.1' } })
  t.is(entries.gateway, '')
  t.like(entries, { addressing: 'fixed', address: '10.0.0.5/24', nameServers: '10.0.0.1', mtu: '9000' })
  t.like(entries, { password: '', chain: '', privateKey: '', certificate: 'keep' })
  t.is(fillIn({ values: {}, present: {} }).addressing, 'dhcp')
})

test('below a fixed address that is not chosen stands what DHCP gave, which is not sent', t => {
  const present = { 'network.ip0': '10.0.2.15/24', 'network.gateway': '10.0.2.2', 'network.DNS': '10.0.2.3' }
  const entries = fillIn({ values: {}, present })
  t.like(entries, { addressing: 'dhcp', address: '10.0.2.15/24', gateway: '10.0.2.2', nameServers: '', fqdn: '' })
  t.like(toValues(entries), { 'network.ip0': '', 'network.gateway': '', 'network.DNS': '' })
  t.is(planMove(entries, entriesOf({})), undefined)
})

test('the agent gets all that the form says, what was emptied too; what its choice hides is empty', t => {
  const values = toValues(entriesOf({ address: '10.0.0.5', gateway: '10.0.0.1', chain: 'PEM', fqdn: ' solo.example ' }))
  t.like(values, { 'network.ip0': '', 'network.gateway': '', 'network.fqdn': 'solo.example' })
  // An import may have brought one.
  t.false('appliance.tls_cert' in values || 'appliance.tls_cert_key' in values)
  const fixed = toValues(entriesOf({ addressing: 'fixed', address: '10.0.0.5', certificate: 'own', chain: 'PEM' }))
  t.like(fixed, { 'network.ip0': '10.0.0.5', 'appliance.tls_cert': 'PEM', 'network.DNS': '' })
})

test('what decides over what is reached is a move; where it leads is known of a fixed address alone', t => {
  const present = entriesOf({})
  t.is(planMove(present, entriesOf({ address: '10.0.0.5', nameServers: '10.0.0.1' })), undefined)
  t.deepEqual(planMove(present, entriesOf({ addressing: 'fixed', address: '10.0.0.5/24' })), { address: '10.0.0.5' })
  t.deepEqual(planMove(present, entriesOf({ mtu: '9000' })), { address: undefined })
  t.deepEqual(planMove(present, entriesOf({ containerNetwork: '172.30.0.0/16' })), { address: undefined })
})

test('a password stays to the letter; other texts lose the blanks around them, and lines end as on the appliance', t => {
  const entries = entriesOf({
    password: ' ü$&\\\'"<> ',
    repeated: ' ',
    sshKeys: '\r\nssh-ed25519 A a\r\nssh-rsa B b\r\n',
  })
  t.is(entries.password, ' ü$&\\\'"<> ')
  t.is(entries.sshKeys, 'ssh-ed25519 A a\nssh-rsa B b')
})

test('a file stands for the text of its field', t => {
  t.is(entriesOf({ chain: 'pasted', chainFile: 'uploaded' }).chain, 'uploaded')
})

test('secrets alone are left out', t => {
  const entries = entriesOf({
    code: 'A',
    password: 'B',
    repeated: 'B',
    privateKey: 'C',
    chain: 'D',
    certificate: 'own',
  })
  t.like(withoutSecrets(entries), {
    code: '',
    password: '',
    repeated: '',
    privateKey: '',
    chain: 'D',
    certificate: 'own',
  })
})

const complaintsOf = (form: Record<string, string>, isComplete = true) =>
  findComplaints(entriesOf(form), isComplete).map(({ complaint }) => complaint)

test('what is missing is told when the form is sent, not while it is filled in', t => {
  t.deepEqual(complaintsOf({}), ['code.missing', 'password.missing'])
  t.deepEqual(complaintsOf({}, false), [])
  t.deepEqual(complaintsOf({ certificate: 'own' }, false), [])
  t.deepEqual(complaintsOf({ code: 'A', password: 'B', repeated: 'B', addressing: 'fixed' }), ['address.missing'])
  t.deepEqual(complaintsOf({ addressing: 'fixed' }, false), [])
  t.deepEqual(complaintsOf({ code: 'A', password: 'B', certificate: 'own' }), [
    ...(['repeated.differs', 'chain.missing', 'privateKey.missing'] as const),
  ])
  t.deepEqual(complaintsOf({ password: 'B', repeated: 'C' }, false), ['repeated.differs'])
})

test('problems stand in the order of the page; what belongs to no field comes last', t => {
  const faults = ['network.ntp', 'dispatch.organization', 'network.ip0'].map(key => ({
    key,
    problem: key,
    instead: '',
  }))
  const problems = toProblems(faults, [{ field: 'code', complaint: 'code.missing' }])
  t.deepEqual(
    problems.map(({ field }) => field),
    ['code', 'address', 'timeServers', undefined],
  )
})
