/** `appliance claim`, `settings` and their neighbours against the agent's own sockets, settings and claims. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { createServerClient } from '../../../provisioning/appliance/server-client.ts'
import { maxWrongCodes } from '../../../provisioning/appliance/wrong-codes.ts'
import { createMachine, password } from './appliance-machine.ts'
import { createStage } from './stage.ts'

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
  t.is((await page.send('POST', '/v1/claim', { values, code: code(), from: '192.0.2.1' })).status, 200)
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

test('what a claim alone sets is no setting: it is refused with the command that sets it, and nothing is changed', async t => {
  const { tell, dispatch, applied, administrators } = await createMachine(t)
  const settings = await tell(`${password}\n`, 'settings', 'set', 'network.ntp=10.0.0.9', 'dispatch.admin_pwd=@-')
  t.is(settings.code, 1)
  t.regex(settings.stderr, /dispatch\.admin_pwd: .*appliance claim.*iam set-password admin.*passwd admin/)
  t.notRegex(settings.stderr, /winter/)
  t.regex((await dispatch('settings', 'set', 'dispatch.organization=north')).stderr, /create organization NAME/)
  t.deepEqual(applied, [])
  const claimed = await tell(`${password}\n`, 'claim', '--password-stdin', '--in-organization', 'north')
  t.deepEqual([claimed.code, administrators], [0, [{ organization: 'north', password }]])
  const shown = ['dispatch.organization=north', 'dispatch.admin_pwd=']
  t.is((await dispatch('settings', 'set', ...shown)).stdout, 'Unchanged settings\n')
  t.is((await dispatch('settings', 'set', 'dispatch.organization=')).code, 1)
  t.is((await dispatch('settings', 'set', 'network.ntp=10.0.0.9')).code, 0)
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
