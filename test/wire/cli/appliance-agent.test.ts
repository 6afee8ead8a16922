/** `appliance claim`, `settings` and their neighbours against the agent's own sockets, settings and claims. */
import { mkdtempSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import type { Administrator } from '../../../provisioning/appliance/administrator.ts'
import { createClaims } from '../../../provisioning/appliance/claims.ts'
import { createKeeper } from '../../../provisioning/appliance/keeper.ts'
import { createPace } from '../../../provisioning/appliance/pace.ts'
import { planControlRoutes, planSetupRoutes, type RouteParts } from '../../../provisioning/appliance/routes.ts'
import { createServerClient } from '../../../provisioning/appliance/server-client.ts'
import { createSetupWindow, maxWrongCodes } from '../../../provisioning/appliance/setup-window.ts'
import { listenAt } from '../../../provisioning/appliance/sockets.ts'
import type { Status } from '../../../provisioning/appliance/status.ts'
import type { StepFailure } from '../../../provisioning/firstboot/apply.ts'
import { parseValues } from '../../../provisioning/firstboot/parse/values.ts'
import type { Settings } from '../../../provisioning/firstboot/settings.ts'
import { createFormerInMemory } from '../../helpers/former.ts'
import { createStage } from './stage.ts'

const password = 'winter is coming, Jon'
const status: Status = {
  product: 'Dispatch Solo',
  version: '1.2.3',
  state: 'degraded',
  reasons: ['docker: does not answer'],
  hostName: 'solo',
  urls: [{ name: 'API', url: 'https://10.0.0.5:8443/' }],
  addresses: [{ link: 'ens192', address: '10.0.0.5', asked: { matches: true, text: 'matches the properties' } }],
  fingerprints: { tls: 'AA:BB', ssh: 'SHA256:xyz' },
  health: [{ name: 'docker', ok: false, text: 'does not answer' }],
  faults: [{ key: 'network.gateway', problem: 'it is outside of the network', instead: 'DHCP is used' }],
  failures: ['chpasswd (the password of root): chpasswd exited with 1', 'firewall and units: nft exited with 1'],
}

interface Machine {
  readonly applied: Settings[]
  readonly administrators: Administrator[]
  readonly sshSwitches: boolean[]
  /** What of the settings cannot be applied. */
  readonly failures: StepFailure[]
  readonly code: () => string
  readonly control: string
  readonly setup: string
  dispatch(...words: string[]): Promise<{ code: number; stdout: string; stderr: string }>
  tell(input: string, ...words: string[]): Promise<{ code: number; stdout: string; stderr: string }>
}

async function createMachine(t: ExecutionContext): Promise<Machine> {
  const dir = mkdtempSync(join(tmpdir(), 'dispatch-agent-'))
  const [applied, administrators, sshSwitches]: [Settings[], Administrator[], boolean[]] = [[], [], []]
  const failures: StepFailure[] = []
  let isClaimed = false
  const window = createSetupWindow({
    monotonicMs: () => 0,
    nowMs: () => 0,
    randomBytes: count => new Uint8Array(count),
  })
  const keeper = createKeeper({
    parse: values => parseValues(values, Date.now()),
    apply: async settings => {
      applied.push(settings)
      return failures
    },
    store: async () => undefined,
    ...{ forgetCertificate: async () => undefined, former: createFormerInMemory() },
    schedule: () => ({ cancel: () => undefined }),
    nowMs: () => 0,
    tell: () => undefined,
  })
  const claims = createClaims({
    keeper,
    window,
    isClaimed: () => isClaimed,
    markClaimed: async () => {
      isClaimed = true
    },
    createAdministrator: async administrator => void administrators.push(administrator),
    hosts: () => ['10.0.0.5'],
  })
  const parts: RouteParts = {
    ...{ keeper, claims },
    status: async () => status,
    runningValues: () => ({ values: keeper.current().values }),
    reopenSetup: window.reopen,
    paceChecks: createPace({ everyMs: 100, longestWaitMs: 2000, monotonicMs: () => 0, pause: async () => undefined }),
    switchSsh: async isOn => void sshSwitches.push(isOn),
    testNetwork: async () => [{ name: 'gateway', ok: false, text: 'there is none' }],
  }
  const [control, setup] = [join(dir, 'control.sock'), join(dir, 'setup.sock')]
  const groupId = process.getgid?.() ?? 0
  const servers = [
    await listenAt({ path: control, groupId }, planControlRoutes(parts), thrown => t.log(thrown)),
    await listenAt({ path: setup, groupId }, planSetupRoutes(parts), thrown => t.log(thrown)),
  ]
  const stage = await createStage(t)
  t.teardown(async () => {
    for (const server of servers) server.close()
    await rm(dir, { recursive: true, force: true })
  })
  const env = { DISPATCH_APPLIANCE_SOCKET: control }
  return {
    ...{ applied, administrators, sshSwitches, failures, control, setup },
    code: () => window.code() ?? '',
    dispatch: (...words) => stage.dispatch(['appliance', ...words], { env }),
    tell: (input, ...words) => stage.dispatch(['appliance', ...words], { env, readInput: async () => input }),
  }
}

test('root claims without a code, once', async t => {
  const { tell, administrators } = await createMachine(t)
  const first = await tell(`${password}\n`, 'claim', '--password-stdin', '--in-organization', 'north')
  t.deepEqual([first.code, first.stderr], [0, ''])
  t.regex(first.stdout, /^Claimed the appliance: admin of the organization north/)
  t.deepEqual(administrators, [{ organization: 'north', password }])
  const second = await tell(`${password}\n`, 'claim', '--password-stdin')
  t.is(second.code, 1)
  t.regex(second.stderr, /is claimed already: log in/)
  t.is(administrators.length, 1)
})

test('a weak password claims nothing, and is told without itself', async t => {
  const { tell, administrators } = await createMachine(t)
  const { code, stderr } = await tell('short\n', 'claim', '--password-stdin')
  t.is(code, 1)
  t.regex(stderr, /dispatch\.admin_pwd: /)
  t.notRegex(stderr, /short\b/)
  t.deepEqual(administrators, [])
})

test('the set-up page needs the code, and is slowed down without it', async t => {
  const { setup, code, administrators } = await createMachine(t)
  const page = createServerClient(setup)
  const values = { 'dispatch.admin_pwd': password }
  for (const guess of [undefined, '', 'AAAAA-AAAAA', 7])
    t.is((await page.send('POST', '/v1/claim', { values, code: guess })).status, 403)
  t.is((await page.send('POST', '/v1/claim', { values, code: 'no' })).status, 429)
  t.is((await page.send('POST', '/v1/claim', { values, code: code() })).status, 429)
  t.is(maxWrongCodes, 5)
  t.deepEqual(administrators, [])
})

test('the set-up page may not do what needs an administrator', async t => {
  const page = createServerClient((await createMachine(t)).setup)
  for (const path of ['/v1/settings', '/v1/ssh', '/v1/setup/reopen', '/v1/network/test'])
    t.is((await page.send('POST', path, { values: {}, enabled: true })).status, 404)
  t.is((await page.send('POST', '/v1/confirm', {})).status, 403)
})

test('what the set-up page asks to be checked has its pace, what root asks has none', async t => {
  const { setup, control } = await createMachine(t)
  const [page, root] = [createServerClient(setup), createServerClient(control)]
  const checked = { values: { 'network.ip0': 'x' } }
  const statuses: number[] = []
  for (let count = 0; count < 25; count += 1) statuses.push((await page.send('POST', '/v1/check', checked)).status)
  t.deepEqual(statuses, [...Array(21).fill(200), ...Array(4).fill(429)])
  t.is((await root.send('POST', '/v1/check', checked)).status, 200)
})

test('of two claims at the same moment one wins', async t => {
  const { setup, code, administrators } = await createMachine(t)
  const page = createServerClient(setup)
  const claim = { values: { 'dispatch.admin_pwd': password }, code: code() }
  const replies = await Promise.all(Array.from({ length: 8 }, () => page.send('POST', '/v1/claim', claim)))
  t.deepEqual(replies.map(reply => reply.status).toSorted(), [200, 409, 409, 409, 409, 409, 409, 409])
  t.is(administrators.length, 1)
})

test('what is no request of ours is refused, and told why', async t => {
  const client = createServerClient((await createMachine(t)).control)
  for (const body of [{ values: [] }, { values: { 'network.ip0': 7 } }, { values: 'x' }])
    t.is((await client.send('POST', '/v1/settings', body)).status, 400)
  t.is((await client.send('POST', '/v1/settings', { values: { 'network.ip0': 'x'.repeat(600_000) } })).status, 400)
  t.is((await client.send('GET', '/v1/nothing')).status, 404)
})

test('settings are set, shown, checked, and another address is only tried', async t => {
  const { dispatch, applied } = await createMachine(t)
  t.is((await dispatch('settings', 'set', 'network.ntp=10.0.0.9')).stdout, 'Changed the settings\n')
  t.is((await dispatch('settings', 'get', 'network.ntp')).stdout, '10.0.0.9\n')
  t.regex((await dispatch('settings', 'get')).stdout, /network\.ntp +\| 10\.0\.0\.9/)
  const bad = await dispatch('settings', 'set', 'network.ip0=10.0.0.5/24', 'network.gateway=10.9.9.9')
  t.is(bad.code, 1)
  t.regex(bad.stderr, /nothing was changed[\s\S]*network\.gateway: /)
  const trial = await dispatch('settings', 'set', 'network.ip0=10.0.0.5/24', 'network.gateway=10.0.0.1')
  t.regex(trial.stdout, /being tried.*90 seconds/)
  t.is((await dispatch('settings', 'confirm')).stdout, 'Kept the network\n')
  t.is(applied.at(-1)?.network.address?.address, '10.0.0.5')
  t.regex((await dispatch('settings', 'confirm')).stderr, /no network is being tried/)
})

test('a step that fails is named with its reason by whatever command it failed for, and is a failure but for a claim', async t => {
  const { dispatch, tell, failures } = await createMachine(t)
  failures.push(
    { step: '/etc/hosts (the name)', problem: 'no space left' },
    { step: 'nft', problem: 'it exited with 1' },
  )
  const named = /these steps failed:\n {2}\/etc\/hosts \(the name\): no space left\n {2}nft: it exited with 1\n/
  const set = await dispatch('settings', 'set', 'network.ntp=10.0.0.9')
  t.deepEqual([set.code, set.stdout], [1, ''])
  t.regex(set.stderr, named)
  const trial = await dispatch('settings', 'set', 'network.ip0=10.0.0.5/24')
  t.is(trial.code, 0, 'nothing of it is applied yet')
  const confirmed = await dispatch('settings', 'confirm')
  t.deepEqual([confirmed.code, confirmed.stdout], [1, 'Kept the network\n'])
  t.regex(confirmed.stderr, named)
  const claimed = await tell(`${password}\n`, 'claim', '--password-stdin')
  t.is(claimed.code, 0, 'it is claimed, and no second time')
  t.regex(claimed.stdout, /^Claimed the appliance/)
  t.regex(claimed.stderr, named)
})

test('a claim that waited for its network counts once that is confirmed, whatever step of it failed', async t => {
  const { control, dispatch, failures } = await createMachine(t)
  const values = { 'dispatch.admin_pwd': password, 'network.ip0': '10.0.0.5/24' }
  await createServerClient(control).send('POST', '/v1/claim', { values })
  failures.push({ step: 'nft', problem: 'it exited with 1' })
  const { code, stdout, stderr } = await dispatch('settings', 'confirm')
  const told = 'Kept the network\nClaimed the appliance: admin of the organization dispatch\n'
  t.deepEqual([code, stdout], [0, told])
  t.regex(stderr, /^Warning: .*nft: it exited with 1/s)
})

test('a secret is no argument', async t => {
  const { dispatch, applied } = await createMachine(t)
  const { code, stderr } = await dispatch('settings', 'set', 'appliance.root_pwd=hunter2hunter2')
  t.is(code, 1)
  t.regex(stderr, /is secret.*@FILE/)
  t.notRegex(stderr, /hunter2/)
  t.deepEqual(applied, [])
})

test('the status as a table and as JSON; degraded is exit code 1', async t => {
  const { dispatch } = await createMachine(t)
  const { code, stdout } = await dispatch('status')
  t.is(code, 1)
  t.is(stdout, readFileSync('test/fixtures/cli/appliance-status.txt', 'utf8'))
  t.is(JSON.parse((await dispatch('status', '-o', 'json')).stdout).state, 'degraded')
})

test('SSH is switched, the page re-opened, the network tried', async t => {
  const { dispatch, sshSwitches, code } = await createMachine(t)
  t.regex((await dispatch('ssh', 'disable')).stdout, /SSH is off/)
  t.regex((await dispatch('ssh', 'enable')).stdout, /SSH is on/)
  t.deepEqual(sshSwitches, [false, true])
  t.regex((await dispatch('setup', 'reopen')).stdout, /open for 30 minutes/)
  t.not(code(), '')
  const tried = await dispatch('network', 'test')
  t.is(tried.code, 1)
  t.regex(tried.stdout, /fails +\| gateway +\| there is none/)
})

test('elsewhere it is said that there is no appliance', async t => {
  const stage = await createStage(t)
  const { code, stderr } = await stage.dispatch(['appliance', 'status'], {
    env: { DISPATCH_APPLIANCE_SOCKET: join(stage.cwd, 'none.sock') },
  })
  t.is(code, 1)
  t.regex(stderr, /there is no appliance here/)
})
