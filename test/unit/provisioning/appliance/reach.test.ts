/** A container network decides over what is reached outside, as the machine's own network does. */
import test from 'ava'
import { answerMs, createKeeper, trialMs } from '../../../../provisioning/appliance/keeper.ts'
import { RefusedError } from '../../../../provisioning/appliance/refusal.ts'
import { planNeighbours } from '../../../../provisioning/appliance/surroundings.ts'
import { parseValues } from '../../../../provisioning/firstboot/parse/values.ts'
import type { Settings, Values } from '../../../../provisioning/firstboot/settings.ts'
import { createFormerInMemory } from '../../../helpers/former.ts'

const lan = {
  addresses: [{ link: 'ens192', address: '192.168.1.20', prefixLength: 24 }],
  gateway: '192.168.1.1',
  nameServers: ['10.1.0.2'],
}

function createStage() {
  const applied: Settings[] = []
  const timers: { afterMs: number; work(): Promise<void> }[] = []
  const keeper = createKeeper({
    parse: (values, isPresent) => parseValues(values, 0, isPresent ? planNeighbours(lan) : []),
    apply: async settings => {
      applied.push(settings)
      return []
    },
    store: async () => undefined,
    forgetCertificate: async () => undefined,
    former: createFormerInMemory(),
    schedule: (afterMs, work) => {
      timers.push({ afterMs, work })
      return { cancel: () => undefined }
    },
    nowMs: () => 0,
    tell: () => undefined,
  })
  const pass = async (ms: number) => {
    for (const { afterMs, work } of timers) if (afterMs === ms) await work()
  }
  return { keeper, applied, pass }
}

test('another container network is only tried, and goes back', async t => {
  const { keeper, applied, pass } = createStage()
  await keeper.boot({})
  const change = await keeper.change({ values: { 'network.docker_cidr': '172.30.0.0/16', 'network.ntp': 'a.example' } })
  t.is(change.outcome, 'trial')
  await pass(answerMs)
  t.like(applied.at(-1), { containerNetwork: '172.30.0.0/16', timeServers: [] })
  await pass(trialMs)
  t.is(applied.at(-1)?.containerNetwork, undefined)
})

test('one that is taken back is only tried, too', async t => {
  const { keeper, applied, pass } = createStage()
  await keeper.boot({ 'network.docker_cidr': '172.30.0.0/16' })
  t.is((await keeper.change({ values: { 'network.docker_cidr': '' } })).outcome, 'trial')
  await pass(answerMs)
  t.is(applied.at(-1)?.containerNetwork, undefined)
})

const isRefused = async (values: Values, before: Values = {}): Promise<boolean> => {
  const { keeper } = createStage()
  await keeper.boot(before)
  return keeper.change({ values }).then(
    () => false,
    thrown => thrown instanceof RefusedError && thrown.refusal.faults?.[0]?.key === 'network.docker_cidr',
  )
}

test('none is taken that holds what DHCP has given: the own network, or who gives names', async t => {
  t.true(await isRefused({ 'network.docker_cidr': '192.168.0.0/22' }))
  t.true(await isRefused({ 'network.docker_cidr': '10.0.0.0/8' }))
  t.false(await isRefused({ 'network.docker_cidr': '172.30.0.0/16' }))
})

test('a machine that moves away at the same time may have it', async t => {
  t.false(await isRefused({ 'network.docker_cidr': '192.168.0.0/22', 'network.ip0': '10.0.0.5/24' }))
})

test('where the network came after it, everything else can still be changed', async t => {
  const before = { 'network.docker_cidr': '192.168.0.0/22' }
  t.false(await isRefused({ 'network.ntp': 'a.example' }, before))
  t.true(await isRefused({ ...before, 'network.ntp': 'a.example' }, before))
})
