/** Which values count over boots, when sources change, fall silent, or say the same again. */
import test from 'ava'
import { planValues, type SourcesRecord, type Used } from '../../../../provisioning/firstboot/plan-values.ts'
import type { Values } from '../../../../provisioning/firstboot/settings.ts'
import { mergeSources, type Sourced, type SourceName } from '../../../../provisioning/firstboot/sources/sourced.ts'

const fresh: SourcesRecord = { salt: 'aa', sources: {}, appliedCredentials: [], owedCredentials: [] }
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
  let pair: string | undefined
  let isClaimed = false
  return {
    change: (values: Values) => {
      stored = { ...stored, ...values }
    },
    changePair: (text: string) => {
      pair = text
    },
    claim: () => {
      isClaimed = true
    },
    boot: (given: Partial<Record<SourceName, Values>>, used: Partial<Used> = {}) => {
      const { passwords = [], owed = [], isPairTaken = true } = used
      const plan = planValues(say(given), { stored, record, pair, isClaimed })
      const certificate = plan.values['appliance.tls_cert']
      if (plan.removed.includes('appliance.tls_cert')) pair = undefined
      else if (isPairTaken && certificate !== undefined) pair = certificate
      stored = Object.fromEntries(Object.entries(plan.values).filter(([key]) => !/_pwd|_key$|_cert$/.test(key)))
      record = plan.remember({ passwords, owed, isPairTaken, pair })
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
  t.deepEqual(
    machine.boot({ guestinfo: given }, { passwords: ['appliance.root_pwd', 'dispatch.admin_pwd'] }).values,
    given,
  )
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
  machine.boot({ guestinfo: { ...network, 'appliance.root_pwd': 'short' } })
  const later = machine.boot({ guestinfo: { ...network, 'appliance.root_pwd': 'long enough' } })
  t.is(later.values['appliance.root_pwd'], 'long enough')
})

test('once there is an administrator a password of a source is told of and not used, unless it was to be set before', t => {
  const given = { 'appliance.root_pwd': 'one', 'dispatch.admin_pwd': 'two' }
  const machine = createMachine()
  machine.claim()
  const { values, faults } = machine.boot({ guestinfo: given })
  t.deepEqual(values, { 'appliance.root_pwd': 'one' })
  t.deepEqual(
    faults.map(({ key, problem }) => `${key}: ${problem}`),
    ['dispatch.admin_pwd: this appliance is claimed already'],
  )
  const owing = createMachine()
  owing.boot({ guestinfo: given }, { owed: ['dispatch.admin_pwd'] })
  owing.claim()
  t.like(owing.boot({ guestinfo: given }, { passwords: Object.keys(given) }), { values: given, faults: [] })
  t.like(owing.boot({ guestinfo: given }), { values: {}, faults: [] }, 'it hands over what was set')
})

test('erasing a key is no change: its certificate is not read again without it', t => {
  const machine = createMachine()
  const pair = { 'appliance.tls_cert': 'certificate', 'appliance.tls_cert_key': 'key' }
  t.deepEqual(machine.boot({ guestinfo: pair }).values, pair)
  const erased = { ...pair, 'appliance.tls_cert_key': '' }
  t.like(machine.boot({ guestinfo: erased }), { values: {}, removed: [] })
  t.deepEqual(machine.boot({ guestinfo: { ...erased, ...network } }).values, network)
  t.deepEqual(machine.boot({ guestinfo: { ...pair, ...network } }).values, network, 'vCenter hands it over again')
})

test('a key that is corrected at its source is a change', t => {
  const machine = createMachine()
  const wrong = { 'appliance.tls_cert': 'certificate', 'appliance.tls_cert_key': 'wrong' }
  machine.boot({ guestinfo: wrong }, { isPairTaken: false })
  const right = { ...wrong, 'appliance.tls_cert_key': 'key' }
  t.deepEqual(machine.boot({ guestinfo: right }).values, right)
  t.deepEqual(machine.boot({ guestinfo: right }).values, {})
})

test('a pair that was not taken is tried at each boot, until somebody sets another one', t => {
  const machine = createMachine()
  const pair = { 'appliance.tls_cert': 'certificate', 'appliance.tls_cert_key': 'key' }
  for (const _ of [1, 2]) t.deepEqual(machine.boot({ guestinfo: pair }, { isPairTaken: false }).values, pair)
  machine.changePair('of the set-up page')
  t.deepEqual(machine.boot({ guestinfo: pair }, { isPairTaken: false }).values, {})
  const own = createMachine()
  own.boot({ guestinfo: pair }, { isPairTaken: false })
  own.change({ 'appliance.tls_cert': '' })
  t.deepEqual(own.boot({ guestinfo: pair }).values, { 'appliance.tls_cert': '' })
})

test('what is cleared at its source stays where somebody has set something else since', t => {
  const machine = createMachine()
  const pair = { 'appliance.tls_cert': 'certificate', 'appliance.tls_cert_key': 'key' }
  machine.boot({ guestinfo: { ...network, ...pair } })
  machine.change({ 'network.gateway': '10.0.0.9' })
  machine.changePair('of a command')
  const { values, removed } = machine.boot({ guestinfo: { 'vm.vmname': 'dispatch' } })
  t.deepEqual(values, { 'network.gateway': '10.0.0.9', 'vm.vmname': 'dispatch' })
  t.deepEqual(removed, ['network.ip0'])
  const untouched = createMachine()
  untouched.boot({ guestinfo: { ...network, ...pair } })
  t.deepEqual(untouched.boot({ guestinfo: network }).removed, ['appliance.tls_cert'])
})

test('a proxy whose password was erased at its source is the one that it was', t => {
  const machine = createMachine()
  const proxy = { 'network.http_proxy': 'http://jon:secret@proxy:3128' }
  const erased = { 'network.http_proxy': 'http://proxy:3128' }
  machine.boot({ guestinfo: proxy })
  machine.change({ 'network.ntp': 'ntp.example.com' })
  t.deepEqual(machine.boot({ guestinfo: erased }).values, { ...proxy, 'network.ntp': 'ntp.example.com' })
  t.deepEqual(machine.boot({ guestinfo: { ...erased, 'network.ntp': '10.0.0.1' } }).values, {
    ...proxy,
    'network.ntp': '10.0.0.1',
  })
  const other = { 'network.http_proxy': 'http://jon:other@proxy:3128', 'network.ntp': '10.0.0.1' }
  t.deepEqual(machine.boot({ guestinfo: other }).values, other)
})

test('what is remembered of a source tells nothing of its values', t => {
  const machine = createMachine()
  machine.boot(
    { guestinfo: { ...network, 'appliance.root_pwd': 'secret words' } },
    { passwords: ['appliance.root_pwd'] },
  )
  const text = JSON.stringify(machine.record())
  t.notRegex(text, /10\.0\.0|secret words/)
  t.regex(text, /network\.ip0/)
  const other = planValues(say({ guestinfo: network }), {
    stored: {},
    record: { ...fresh, salt: 'bb' },
    isClaimed: false,
  })
  const { sources } = other.remember({ passwords: [], owed: [], isPairTaken: true })
  t.not(sources.guestinfo?.shown['network.ip0'], machine.record().sources.guestinfo?.shown['network.ip0'])
})

test('the order in which a source names its values is nothing', t => {
  const machine = createMachine()
  machine.boot({ guestinfo: network })
  machine.change({ 'network.gateway': '10.0.0.7' })
  const turned = Object.fromEntries(Object.entries(network).toReversed())
  t.is(machine.boot({ guestinfo: turned }).values['network.gateway'], '10.0.0.7')
})
