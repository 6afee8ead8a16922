/** Which values count over boots, when sources change, fall silent, or say the same again. */
import test from 'ava'
import { planValues, type SourcesRecord } from '../../../../provisioning/firstboot/plan-values.ts'
import type { Credentials, Values } from '../../../../provisioning/firstboot/settings.ts'
import { mergeSources, type Sourced, type SourceName } from '../../../../provisioning/firstboot/sources/sourced.ts'

const fresh: SourcesRecord = { salt: 'aa', sources: {}, appliedCredentials: [] }
const say = (given: Partial<Record<SourceName, Values>>): Sourced =>
  mergeSources(
    (['guestinfo', 'ovf-env.xml', 'CIDATA'] as const).flatMap(name => {
      const values = given[name]
      return values === undefined ? [] : [{ name, place: name, values, faults: [] }]
    }),
  )

/** Boots one after the other; between them `change` is what somebody sets by page or command. */
function createMachine() {
  let stored: Values = {}
  let record = fresh
  return {
    change: (values: Values) => {
      stored = { ...stored, ...values }
    },
    boot: (given: Partial<Record<SourceName, Values>>, applied: Credentials = {}) => {
      const plan = planValues(stored, say(given), record)
      stored = Object.fromEntries(Object.entries(plan.values).filter(([key]) => !/_pwd|_key$/.test(key)))
      record = plan.remember(applied)
      return plan
    },
    record: () => record,
  }
}

const network = { 'network.ip0': '10.0.0.5/24', 'network.gateway': '10.0.0.1' }

test('what somebody set since stays until the properties are others', t => {
  const machine = createMachine()
  t.deepEqual(machine.boot({ guestinfo: network }).values, network)
  machine.change({ 'network.ip0': '10.0.0.6/24', 'network.ntp': 'ntp.example.com' })
  const set = { ...network, 'network.ip0': '10.0.0.6/24', 'network.ntp': 'ntp.example.com' }
  t.deepEqual(machine.boot({ guestinfo: network }).values, set)
  const edited = { ...network, 'network.gateway': '10.0.0.2' }
  t.deepEqual(machine.boot({ guestinfo: edited }).values, { ...edited, 'network.ntp': 'ntp.example.com' })
})

test('what is cleared at its source is gone, and what others say of it counts again', t => {
  const machine = createMachine()
  const disc = { 'network.gateway': '10.0.0.9' }
  machine.boot({ guestinfo: network, CIDATA: disc })
  const { values, removed } = machine.boot({
    guestinfo: { 'network.ip0': '', 'network.gateway': 'null' },
    CIDATA: disc,
  })
  t.deepEqual(values, disc)
  t.deepEqual(removed, ['network.ip0'])
})

test('a source that falls silent takes nothing back: Fusion forgets, and discs are taken out', t => {
  const machine = createMachine()
  machine.boot({ guestinfo: { 'vm.vmname': 'dispatch' }, 'ovf-env.xml': network })
  const still = { 'vm.vmname': 'dispatch', ...network }
  t.deepEqual(machine.boot({ guestinfo: { 'vm.vmname': 'dispatch' } }).values, still)
  t.deepEqual(machine.boot({}).values, still)
  t.deepEqual(machine.boot({ guestinfo: {} }).values, still)
  t.deepEqual(machine.boot({ 'ovf-env.xml': network }).values, still)
})

test('a disc that is changed does not win over the hypervisor', t => {
  const machine = createMachine()
  machine.boot({ guestinfo: network, 'ovf-env.xml': { 'network.ip0': '10.9.9.9/24' } })
  t.deepEqual(machine.boot({ guestinfo: network, 'ovf-env.xml': { 'network.ip0': '10.8.8.8/24' } }).values, network)
})

test('a password is applied once, even when the hypervisor hands it over again', t => {
  const machine = createMachine()
  const given = { ...network, 'appliance.root_pwd': 'one', 'dispatch.admin_pwd': 'two' }
  t.deepEqual(machine.boot({ guestinfo: given }, { rootPassword: 'one', adminPassword: 'two' }).values, given)
  const erased = { ...given, 'appliance.root_pwd': '', 'dispatch.admin_pwd': '' }
  t.deepEqual(machine.boot({ guestinfo: erased }).values, network)
  t.deepEqual(machine.boot({ guestinfo: given }).values, network)
  t.deepEqual(machine.boot({ guestinfo: { ...given, 'network.gateway': '10.0.0.3' } }).values, {
    ...network,
    'network.gateway': '10.0.0.3',
  })
})

test('a password that could not be taken, or comes later, is taken then', t => {
  const machine = createMachine()
  machine.boot({ guestinfo: { ...network, 'appliance.root_pwd': 'short' } }, {})
  const later = machine.boot({ guestinfo: { ...network, 'appliance.root_pwd': 'long enough' } })
  t.is(later.values['appliance.root_pwd'], 'long enough')
})

test('erasing a key is no change: its certificate is not read again without it', t => {
  const machine = createMachine()
  const pair = { 'appliance.tls_cert': 'certificate', 'appliance.tls_cert_key': 'key' }
  t.deepEqual(machine.boot({ guestinfo: pair }).values, pair)
  machine.boot({ guestinfo: { ...pair, 'appliance.tls_cert_key': '' } })
  t.deepEqual(machine.boot({ guestinfo: { ...pair, 'appliance.tls_cert_key': '' } }).removed, [])
})

test('what is remembered of a source tells nothing of its values', t => {
  const machine = createMachine()
  machine.boot({ guestinfo: { ...network, 'appliance.root_pwd': 'secret words' } }, { rootPassword: 'secret words' })
  const text = JSON.stringify(machine.record())
  t.notRegex(text, /10\.0\.0|secret words/)
  t.regex(text, /network\.ip0/)
  const other = planValues({}, say({ guestinfo: network }), { ...fresh, salt: 'bb' }).remember({})
  t.not(other.sources.guestinfo?.hash, machine.record().sources.guestinfo?.hash)
})

test('the order in which a source names its values is nothing', t => {
  const machine = createMachine()
  machine.boot({ guestinfo: network })
  machine.change({ 'network.gateway': '10.0.0.7' })
  const turned = Object.fromEntries(Object.entries(network).toReversed())
  t.is(machine.boot({ guestinfo: turned }).values['network.gateway'], '10.0.0.7')
})
