import test from 'ava'
import { answerMs, createKeeper, trialMs } from '../../../../provisioning/appliance/keeper.ts'
import { createProblems } from '../../../../provisioning/appliance/problems.ts'
import { RefusedError } from '../../../../provisioning/appliance/refusal.ts'
import type { Keeper } from '../../../../provisioning/appliance/settings-keeper.ts'
import type { StepFailure } from '../../../../provisioning/firstboot/apply.ts'
import type { Credentials, Parsed, Settings, Values } from '../../../../provisioning/firstboot/settings.ts'
import { createFormerInMemory } from '../../../helpers/former.ts'

/** Enough of the parser to tell a network, an organization and a fault. */
function parse(values: Values): Parsed {
  const address = values['network.ip0']
  const faults = address === 'bad' ? [{ key: 'network.ip0', problem: 'it is no address', instead: 'DHCP is used' }] : []
  const password = values['dispatch.admin_pwd']
  return {
    settings: {
      network: {
        nameServers: [values['network.DNS'] ?? []].flat(),
        searchDomains: [],
        ...(address !== undefined && address !== 'bad' && { address: { address, prefixLength: 24 } }),
      },
      timeServers: [],
      proxy: { exceptions: [] },
      authorities: [],
      ssh: { authorizedKeys: [], rootLogin: 'unsaid' },
      organization: values['dispatch.organization'] ?? 'dispatch',
    },
    credentials: password === undefined ? {} : { adminPassword: password },
    faults,
  }
}

interface Stage {
  readonly keeper: Keeper
  readonly applied: { settings: Settings; credentials: Credentials }[]
  readonly stored: Values[]
  readonly forgotten: string[]
  problems(): readonly string[]
  /** Rings the timers of so long. */
  pass(ms: number): Promise<void>
  readonly timers: { afterMs: number; isCancelled: boolean }[]
  readonly clock: { ms: number }
}

function createStage({ apply = async () => [] as StepFailure[] } = {}): Stage {
  const [applied, stored]: [Stage['applied'], Values[]] = [[], []]
  const forgotten: string[] = []
  const clock = { ms: 1_000_000 }
  const problems = createProblems(() => undefined)
  const timers: { afterMs: number; isCancelled: boolean; work(): Promise<void> }[] = []
  const keeper = createKeeper({
    parse,
    apply: async (settings, credentials) => {
      applied.push({ settings, credentials })
      return apply()
    },
    store: async values => void stored.push(values),
    forgetCertificate: async () => void forgotten.push('certificate'),
    former: createFormerInMemory(),
    schedule: (afterMs, work) => {
      const timer = { afterMs, work, isCancelled: false }
      timers.push(timer)
      return {
        cancel: () => {
          timer.isCancelled = true
        },
      }
    },
    nowMs: () => clock.ms,
    tell: problems.tell,
  })
  const pass = async (ms: number) => {
    for (const { afterMs, isCancelled, work } of timers) if (afterMs === ms && !isCancelled) await work()
  }
  return { keeper, applied, stored, forgotten, problems: problems.all, timers, clock, pass }
}

const addressOf = (applied: { settings: Settings } | undefined) => applied?.settings.network.address?.address

test('what is changed is stored, applied, and in force', async t => {
  const { keeper, applied, stored } = createStage()
  await keeper.boot({ 'network.DNS': '10.0.0.1' })
  const change = await keeper.change({ values: { 'dispatch.organization': 'north' } })
  t.deepEqual(change, { outcome: 'changed', failures: [] })
  t.deepEqual(stored, [{ 'network.DNS': '10.0.0.1', 'dispatch.organization': 'north' }])
  t.is(applied.at(-1)?.settings.organization, 'north')
  t.is(keeper.current().settings.organization, 'north')
  t.deepEqual(await keeper.change({ values: { 'dispatch.organization': 'north' } }), {
    outcome: 'unchanged',
    failures: [],
  })
})

test('a fault changes nothing, and an old one hinders nobody', async t => {
  const { keeper, stored, applied } = createStage()
  await keeper.boot({ 'network.ip0': 'bad' })
  t.deepEqual(await keeper.change({ values: { 'dispatch.organization': 'north' } }), {
    outcome: 'changed',
    failures: [],
  })
  const before = [stored.length, applied.length]
  const thrown = await t.throwsAsync(keeper.change({ values: { 'network.ip0': 'bad' } }), { instanceOf: RefusedError })
  t.deepEqual(
    thrown?.refusal.faults?.map(({ key }) => key),
    ['network.ip0'],
  )
  t.deepEqual([stored.length, applied.length], before)
})

test('another address is only tried: stored once it is confirmed', async t => {
  const { keeper, applied, stored, timers, pass } = createStage()
  await keeper.boot({})
  let kept = 0
  const change = await keeper.change({
    values: { 'network.ip0': '10.0.0.5', 'dispatch.organization': 'north' },
    onKept: async () => {
      kept += 1
    },
  })
  t.deepEqual(change, { outcome: 'trial', untilMs: 1_000_000 + trialMs, addresses: ['10.0.0.5'] })
  t.deepEqual(stored, [])
  t.is(addressOf(applied.at(-1)), undefined, 'the answer comes first')
  await pass(answerMs)
  t.is(addressOf(applied.at(-1)), '10.0.0.5')
  t.is(applied.at(-1)?.settings.organization, 'dispatch', 'nothing but the network is tried')
  await keeper.confirm()
  t.is(kept, 1)
  t.true(timers.find(({ afterMs }) => afterMs === trialMs)?.isCancelled)
  t.deepEqual(stored, [{ 'network.ip0': '10.0.0.5', 'dispatch.organization': 'north' }])
  t.is(keeper.trying(), undefined)
})

test('a network that nobody confirms goes back, and is said to', async t => {
  const { keeper, applied, stored, problems, pass } = createStage()
  await keeper.boot({ 'network.ip0': '10.0.0.4' })
  await keeper.change({ values: { 'network.ip0': '10.0.0.5' } })
  t.truthy(keeper.trying())
  await t.throwsAsync(keeper.change({ values: { 'network.ip0': '10.0.0.6' } }), { message: /being tried/ })
  await pass(answerMs)
  t.is(addressOf(applied.at(-1)), '10.0.0.5')
  await pass(trialMs)
  t.is(addressOf(applied.at(-1)), '10.0.0.4')
  t.is(keeper.trying(), undefined)
  t.deepEqual(stored, [])
  t.regex(problems().join(), /not confirmed in time/)
  await t.throwsAsync(keeper.confirm(), { message: /no network is being tried/ })
})

test('the time to confirm begins when the network is there, however long it waited for its turn', async t => {
  const { keeper, applied, timers, clock, pass } = createStage()
  await keeper.boot({})
  await keeper.change({ values: { 'network.ip0': '10.0.0.5' } })
  clock.ms += trialMs
  await pass(trialMs)
  t.is(addressOf(applied.at(-1)), undefined)
  t.truthy(keeper.trying(), 'what is not there yet does not go back')
  await pass(answerMs)
  t.is(addressOf(applied.at(-1)), '10.0.0.5')
  t.is(keeper.trying()?.untilMs, clock.ms + trialMs)
  t.is(timers.filter(({ afterMs }) => afterMs === trialMs).length, 1)
})

test('credentials are applied once and not kept', async t => {
  const { keeper, applied, stored } = createStage()
  await keeper.boot({ 'dispatch.admin_pwd': 'given at boot' })
  t.deepEqual(applied[0]?.credentials, { adminPassword: 'given at boot' })
  await keeper.change({ values: { 'dispatch.admin_pwd': 'winter is coming' } })
  t.deepEqual(applied.at(-1)?.credentials, { adminPassword: 'winter is coming' })
  t.deepEqual(keeper.current().credentials, {})
  t.deepEqual(stored, [{}])
  await keeper.change({ values: { 'dispatch.organization': 'north' } })
  t.deepEqual(applied.at(-1)?.credentials, {})
})

test('whatever cannot be applied, the machine boots, and says what failed', async t => {
  const { keeper, problems } = createStage({ apply: () => Promise.reject(new Error('no space left on device')) })
  const { settings } = await keeper.boot({ 'dispatch.organization': 'north' })
  t.is(settings.organization, 'north')
  t.is(keeper.current().settings.organization, 'north')
  t.deepEqual(problems(), ['settings: no space left on device'])
})

test('two changes at once are made one after the other, and both hold', async t => {
  let running = 0
  let most = 0
  const { keeper, stored } = createStage({
    apply: async () => {
      running += 1
      most = Math.max(most, running)
      await new Promise(resolve => setImmediate(resolve))
      running -= 1
      return []
    },
  })
  await keeper.boot({})
  await Promise.all([
    keeper.change({ values: { 'dispatch.organization': 'north' } }),
    keeper.change({ values: { 'network.DNS': '10.0.0.1' } }),
  ])
  t.is(most, 1)
  t.deepEqual(stored.at(-1), { 'dispatch.organization': 'north', 'network.DNS': '10.0.0.1' })
})

test('a network that cannot go back is told of, and ends nothing', async t => {
  let fails = false
  const { keeper, problems, pass } = createStage({
    apply: async () => {
      if (fails) throw new Error('no space left on device')
      return []
    },
  })
  await keeper.boot({})
  await keeper.change({ values: { 'network.ip0': '10.0.0.5' } })
  await pass(answerMs)
  fails = true
  await t.notThrowsAsync(pass(trialMs))
  t.true(problems().includes('settings: no space left on device'))
  t.is(keeper.trying(), undefined)
})

test('a trial that was confirmed while its end waited for a turn stays confirmed', async t => {
  const { keeper, stored, problems, pass } = createStage()
  await keeper.boot({})
  await keeper.change({ values: { 'network.ip0': '10.0.0.5' } })
  await pass(answerMs)
  // Its timer has fired already when it is called off.
  await Promise.all([keeper.confirm(), pass(trialMs)])
  t.deepEqual(stored, [{ 'network.ip0': '10.0.0.5' }])
  t.deepEqual(problems(), [])
})

test('that a certificate is taken back is remembered: what was cut off is done at the next boot, until another is given', async t => {
  const { keeper, stored, forgotten } = createStage()
  await keeper.boot({})
  t.deepEqual(forgotten, [])
  await keeper.change({ values: { 'appliance.tls_cert': ' ' } })
  t.is(forgotten.length, 1)
  await keeper.boot(stored.at(-1) ?? {})
  t.is(forgotten.length, 2)
  await keeper.change({ values: { 'appliance.tls_cert': 'a pair', 'appliance.tls_cert_key': 'its key' } })
  t.is(forgotten.length, 2)
  t.deepEqual(stored.at(-1), {})
})
