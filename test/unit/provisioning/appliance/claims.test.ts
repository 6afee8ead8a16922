import { randomBytes } from 'node:crypto'
import test from 'ava'
import type { Administrator } from '../../../../provisioning/appliance/administrator.ts'
import { createClaims } from '../../../../provisioning/appliance/claims.ts'
import { createKeeper, trialMs } from '../../../../provisioning/appliance/keeper.ts'
import { createProblems } from '../../../../provisioning/appliance/problems.ts'
import { createSetupWindow, windowMs } from '../../../../provisioning/appliance/setup-window.ts'
import { parseValues } from '../../../../provisioning/firstboot/parse/values.ts'
import type { Credentials, Values } from '../../../../provisioning/firstboot/settings.ts'
import { createFormerInMemory } from '../../../helpers/former.ts'

const password = 'winter is coming soon'
const wanted = { 'dispatch.admin_pwd': password, 'dispatch.organization': 'north' }
const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILUFrAA1tUMCzYGA3db0AJ69vFbGweh1dM4CU53TwJAR jon@example.com'
const withKey = { ...wanted, 'appliance.ssh_keys': key }
const moved = { ...wanted, 'network.ip0': '10.0.0.5/24' }

interface Applied {
  readonly keys: readonly string[]
  readonly credentials: Credentials
  readonly address?: string
}

function createStage() {
  const timers: { afterMs: number; isCancelled: boolean; work(): Promise<void> }[] = []
  const administrators: Administrator[] = []
  const machine = { stored: {} as Values, applied: [] as Applied[] }
  const former = createFormerInMemory()
  const fails = { server: false, mark: false, storeFrom: Number.POSITIVE_INFINITY }
  let stores = 0
  /** What a power cut in this step would go back to. */
  const waysBack: Record<string, Values | undefined> = {}
  /** At each time that something was applied. */
  const claiming: boolean[] = []
  const problems = createProblems(() => undefined)
  let isClaimed = false
  const clock = { ms: 0 }
  const window = createSetupWindow({ monotonicMs: () => clock.ms, nowMs: () => clock.ms, randomBytes })
  const keeper = createKeeper({
    parse: values => parseValues(values, Date.now()),
    apply: async ({ ssh: { authorizedKeys: keys }, network: { address } }, credentials) => {
      waysBack.apply = await former.read()
      claiming.push(keeper.isClaiming())
      machine.applied.push({ keys, credentials, ...(address && { address: address.address }) })
      return []
    },
    store: async values => {
      stores += 1
      waysBack.store = await former.read()
      if (stores >= fails.storeFrom) throw new Error('read-only file system')
      machine.stored = values
    },
    forgetCertificate: async () => undefined,
    former,
    schedule: (afterMs, work) => {
      const timer = { afterMs, work, isCancelled: false }
      timers.push(timer)
      return { cancel: () => Object.assign(timer, { isCancelled: true }) }
    },
    nowMs: () => 1000,
    tell: problems.tell,
  })
  const claims = createClaims({
    keeper,
    window,
    isClaimed: () => isClaimed,
    markClaimed: async () => {
      waysBack.mark = await former.read()
      if (fails.mark) throw new Error('no space left on device')
      isClaimed = true
    },
    createAdministrator: async administrator => {
      if (fails.server) throw new Error('the server does not answer')
      administrators.push(administrator)
    },
    hosts: () => ['10.0.0.4'],
  })
  const expire = async () => {
    for (const { afterMs, isCancelled, work } of timers) if (afterMs === trialMs && !isCancelled) await work()
  }
  return {
    keeper,
    claims,
    window,
    clock,
    administrators,
    machine,
    former,
    waysBack,
    claiming,
    problems,
    fails,
    expire,
    isClaimed: () => isClaimed,
  }
}

test('of two claims at the same moment one wins, and later ones are refused', async t => {
  const { claims, administrators } = createStage()
  const settled = await Promise.allSettled([claims.claim(wanted, undefined), claims.claim(wanted, undefined)])
  t.deepEqual(
    settled.map(({ status }) => status),
    ['fulfilled', 'rejected'],
  )
  await t.throwsAsync(claims.claim(wanted, undefined), { message: /claimed already/ })
  t.deepEqual(administrators, [{ organization: 'north', password }])
})

test('a claim that moves the network is one once the network is confirmed', async t => {
  const { claims, isClaimed } = createStage()
  t.like(await claims.claim(moved, undefined), { outcome: 'trial', addresses: ['10.0.0.5'] })
  t.false(isClaimed())
  t.like(await claims.confirm(undefined), { outcome: 'claimed', organization: 'north' })
  t.true(isClaimed())
})

test('a password that an import brought does not come before a claim that waits for its network', async t => {
  const { claims, administrators } = createStage()
  await claims.claim(moved, undefined)
  await t.throwsAsync(claims.claimBy({ adminPassword: 'of the import' }, 'south'), { message: /being tried/ })
  await claims.confirm(undefined)
  await claims.claimBy({ adminPassword: 'of the import' }, 'south')
  t.deepEqual(administrators, [{ organization: 'north', password }])
})

test('who confirms a network after a claim went back with another one is not told of a claim', async t => {
  const { claims, keeper, expire, isClaimed } = createStage()
  await claims.claim(moved, undefined)
  await expire()
  await keeper.change({ values: { 'network.ip0': '10.0.0.6/24' } })
  t.deepEqual(await claims.confirm(undefined), { outcome: 'kept', failures: [] })
  t.false(isClaimed())
})

test('a claim whose administrator the server does not take leaves nothing behind', async t => {
  const { claims, fails, machine, isClaimed } = createStage()
  fails.server = true
  await t.throwsAsync(claims.claim(withKey, undefined), { message: 'the server does not answer' })
  t.deepEqual(machine, { stored: {}, applied: [] })
  t.false(isClaimed())
  fails.server = false
  t.like(await claims.claim(withKey, undefined), { outcome: 'claimed', sshLogin: 'both' })
  t.deepEqual(machine.applied, [{ keys: [key], credentials: { adminPassword: password } }])
})

test('a claim that cannot be marked goes back: no key, and no password, lets anybody in', async t => {
  const { claims, keeper, claiming, fails, machine, isClaimed } = createStage()
  fails.mark = true
  await t.throwsAsync(claims.claim(withKey, undefined), { message: /no space left/ })
  t.deepEqual(machine.stored, {})
  t.deepEqual(machine.applied.at(-1), { keys: [], credentials: { withdrawn: ['admin'] } })
  t.false(isClaimed())
  t.deepEqual([...claiming, keeper.isClaiming()], [true, false, false])
})

test('a claim that cannot be marked goes back on a disk that takes nothing more, and all of it once it takes something', async t => {
  const { claims, keeper, fails, machine, former, problems } = createStage()
  Object.assign(fails, { mark: true, storeFrom: 2 })
  await t.throwsAsync(claims.claim(withKey, undefined), { message: /no space left/ })
  t.deepEqual(machine.applied.at(-1), { keys: [], credentials: { withdrawn: ['admin'] } })
  t.deepEqual(keeper.current().values, {})
  t.true(keeper.isTakingBack())
  t.deepEqual(await former.read(), {}, 'the next power-on goes back as well')
  t.regex(problems.all().join(), /not taken back as a whole.*read-only/)

  fails.storeFrom = Number.POSITIVE_INFINITY
  await keeper.reapply()
  t.deepEqual(machine.stored, {})
  t.false(keeper.isTakingBack())
  t.is(await former.read(), undefined)
  t.deepEqual(problems.all(), [])
})

test('a claim after one that failed is whole: nothing of it is taken back later', async t => {
  const { claims, keeper, fails, machine, former } = createStage()
  Object.assign(fails, { mark: true, storeFrom: 2 })
  await t.throwsAsync(claims.claim(withKey, undefined))
  Object.assign(fails, { mark: false, storeFrom: Number.POSITIVE_INFINITY })
  await claims.claim(wanted, undefined)
  await keeper.reapply()
  t.deepEqual(machine.applied.slice(-2), [
    { keys: [], credentials: { adminPassword: password } },
    { keys: [], credentials: {} },
  ])
  t.is(await former.read(), undefined)
})

test('from before the first change until the claim is marked the way back is on disk', async t => {
  const { claims, keeper, former, machine, waysBack, claiming } = createStage()
  const { keep } = former
  former.keep = () => Promise.reject(new Error('no space left on device'))
  await t.throwsAsync(claims.claim(withKey, undefined), { message: /no space left/ })
  t.deepEqual(machine, { stored: {}, applied: [] })
  former.keep = keep
  await claims.claim(withKey, undefined)
  t.deepEqual(waysBack, { store: {}, apply: {}, mark: {} })
  t.deepEqual([...claiming, keeper.isClaiming()], [true, false])
  t.is(await former.read(), undefined)
})

test('a network whose claim cannot be marked is still the one that is tried', async t => {
  const { claims, keeper, fails, machine, expire } = createStage()
  await claims.claim({ ...moved, 'appliance.ssh_keys': key }, undefined)
  fails.mark = true
  await t.throwsAsync(claims.confirm(undefined), { message: /no space left/ })
  t.truthy(keeper.trying())
  const withdrawn = { keys: [], credentials: { withdrawn: ['admin'] } }
  t.deepEqual(machine.applied.at(-1), { ...withdrawn, address: '10.0.0.5' })
  await expire()
  t.deepEqual(machine.applied.at(-1), { keys: [], credentials: {} })
  t.is(keeper.trying(), undefined)
})

test('a confirmed network whose claim fails is still on trial: it is confirmed again, or goes back', async t => {
  const { claims, keeper, fails, machine, expire } = createStage()
  await claims.claim(moved, undefined)
  fails.server = true
  await t.throwsAsync(claims.confirm(undefined), { message: 'the server does not answer' })
  t.deepEqual(machine.stored, {})
  t.truthy(keeper.trying())
  fails.server = false
  t.like(await claims.confirm(undefined), { outcome: 'claimed' })
  t.is(keeper.trying(), undefined)
  await expire()
  t.is(keeper.current().settings.network.address?.address, '10.0.0.5')
})

test('who claimed in time confirms the network with the same code, though the time for the set-up ends in between', async t => {
  const { claims, window, clock } = createStage()
  const code = window.code()
  clock.ms = windowMs - 1000
  t.like(await claims.claim(moved, code), { outcome: 'trial' })
  clock.ms += trialMs - 1
  t.like(await claims.confirm(code), { outcome: 'claimed' })
})

test('without a claim the time for the set-up is not longer', async t => {
  const { claims, window, clock } = createStage()
  const code = window.code()
  clock.ms = windowMs - 1
  await t.throwsAsync(claims.claim({}, code), { message: /mend what is named/ })
  clock.ms += 1
  await t.throwsAsync(claims.claim(moved, code), { message: /is over/ })
})
