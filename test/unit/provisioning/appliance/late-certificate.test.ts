/** A certificate in properties, taken at once, later, or not at all. */
import test from 'ava'
import { takeLater } from '../../../../provisioning/appliance/late-certificate.ts'
import type { Request } from '../../../../provisioning/appliance/settings-keeper.ts'
import { parseValues } from '../../../../provisioning/firstboot/parse/values.ts'
import type { Values } from '../../../../provisioning/firstboot/settings.ts'
import { createAuthority } from '../../../helpers/authority.ts'
import { until } from '../../../helpers/wait.ts'
import { renderEnvironment } from '../firstboot/sources/support.ts'
import { createMachine } from './power-on.ts'

const issue = async () => {
  const { cert, key } = await (await createAuthority('Lab')).issue({ commonName: 'a.example.com', purpose: 'server' })
  return { 'appliance.tls_cert': cert, 'appliance.tls_cert_key': key }
}

test('a key that is not that of its certificate stays in the hypervisor, and the right one is taken at the next power-on', async t => {
  const { machine, powerOn } = await createMachine(t)
  const [pair, other] = [await issue(), await issue()]
  machine.properties = renderEnvironment({ ...pair, 'appliance.tls_cert_key': other['appliance.tls_cert_key'] })
  const wrong = machine.properties
  await powerOn()
  t.is(machine.properties, wrong)
  machine.properties = renderEnvironment(pair)
  await powerOn()
  t.is(machine.pair?.chainPem.trim(), pair['appliance.tls_cert'].trim())
  t.is(machine.properties, renderEnvironment({ ...pair, 'appliance.tls_cert_key': '' }))
})

test('a pair that begins later by the clock is taken as soon as the clock is set, and erased then', async t => {
  const { machine, powerOn } = await createMachine(t)
  const pair = await issue()
  const days = 86_400_000
  Object.assign(machine, { properties: renderEnvironment(pair), nowMs: Date.now() - 20 * days, certificateRetryMs: 1 })
  await powerOn()
  t.is(machine.properties, renderEnvironment(pair))
  machine.nowMs = Date.now()
  await until('the key is erased', async () => machine.properties !== renderEnvironment(pair))
  t.is(machine.pair?.chainPem.trim(), pair['appliance.tls_cert'].trim())
  t.is(machine.properties, renderEnvironment({ ...pair, 'appliance.tls_cert_key': '' }))
  machine.pair = undefined
  machine.properties = renderEnvironment(pair)
  await powerOn()
  t.is(machine.pair, undefined, 'it is known at the next power-on')
})

test('a pair that is late does not take the place of one that was set since', async t => {
  const pair = await issue()
  const [changes, other] = [[] as Values[], { chainPem: 'of a command', keyPem: 'of a command' }]
  for (const isTakenBack of [false, true]) {
    const stored = isTakenBack ? { 'appliance.tls_cert': '' } : {}
    const current = () => ({ ...parseValues({}, 0), values: stored })
    const change = async ({ values }: { values: Values }) => {
      changes.push(values)
      return { outcome: 'changed', failures: [] } as const
    }
    const pause = async () => {
      if (changes.length > 0) throw new Error('it was tried')
    }
    const found = [undefined, isTakenBack ? undefined : other]
    const given = async () => found.shift()
    const late = { keeper: { change, current }, certificate: { given }, pause }
    t.is(await takeLater(pair, late), undefined)
  }
  t.deepEqual(changes, [])
})

test('a pair that is late and waited for its turn does not take the place of one that came meanwhile', async t => {
  const other = { chainPem: 'of a command', keyPem: 'of a command' }
  const found = [undefined, undefined, other]
  const given = async () => found.at(0) ?? found.shift()
  const kept: Values[] = []
  const change = async ({ values, beforeKept }: Request) => {
    const parsed = parseValues(values, 0)
    await beforeKept?.(parsed)
    kept.push(values)
    return { outcome: 'changed', failures: [] } as const
  }
  const keeper = { change, current: () => ({ ...parseValues({}, 0), values: {} }) }
  t.is(await takeLater(await issue(), { keeper, certificate: { given }, pause: async () => undefined }), undefined)
  t.deepEqual(kept, [])
})

test('while a claim is taken back, which may take the pair along, its key stays in the hypervisor', async t => {
  const { machine, former, powerOn } = await createMachine(t)
  const pair = renderEnvironment(await issue())
  Object.assign(machine, { isClaimed: false, properties: pair })
  machine.failures = [{ step: 'a step', problem: 'it exited with 1' }]
  await former.keep({})
  await powerOn()
  t.is(machine.properties, pair)
  machine.failures = []
  await powerOn()
  t.not(machine.properties, pair)
  t.truthy(machine.pair)
})

test('a pair that the disk had no room for is taken at the next power-on', async t => {
  const { machine, powerOn } = await createMachine(t)
  const pair = await issue()
  Object.assign(machine, { properties: renderEnvironment(pair), isDiskFull: true })
  await powerOn()
  t.is(machine.properties, renderEnvironment(pair))
  machine.isDiskFull = false
  await powerOn()
  t.is(machine.pair?.chainPem.trim(), pair['appliance.tls_cert'].trim())
  t.is(machine.properties, renderEnvironment({ ...pair, 'appliance.tls_cert_key': '' }))
})

test('a pair that is cleared in the hypervisor is forgotten, one that was set since is not', async t => {
  for (const isOther of [false, true]) {
    const { machine, powerOn } = await createMachine(t)
    machine.properties = renderEnvironment({ ...(await issue()), 'network.ntp': '10.0.0.1' })
    await powerOn()
    t.truthy(machine.pair)
    const other = { chainPem: 'of a command', keyPem: 'of a command' }
    if (isOther) machine.pair = other
    machine.properties = renderEnvironment({ 'network.ntp': '10.0.0.1' })
    await powerOn()
    t.deepEqual(machine.pair, isOther ? other : undefined)
  }
})
