import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { repository } from '../../../../../packer/source.ts'
import { planSteps } from '../../../../../provisioning/firstboot/plan/plan.ts'
import { isSshUsable } from '../../../../../provisioning/firstboot/plan/ssh.ts'
import type { Step } from '../../../../../provisioning/firstboot/plan/step.ts'
import { renderPlan } from '../../../../../provisioning/firstboot/plan/table.ts'
import { type Credentials, noSettings, type Settings } from '../../../../../provisioning/firstboot/settings.ts'
import { freshFacts } from '../../../../helpers/plan-cases.ts'

const { network, proxy, ssh } = noSettings

const textOf = (steps: readonly Step[], path: string): string | undefined =>
  steps.flatMap(step => (step.kind === 'file' && step.path === path ? [step.text] : []))[0]
const plan = (changes: Partial<Settings>, facts = freshFacts, credentials: Credentials = {}) =>
  planSteps({ ...noSettings, ...changes }, facts, credentials)
const commandsOf = (steps: readonly Step[]) =>
  steps.flatMap(step => (step.kind === 'command' ? [step.argv.join(' ')] : []))

test('without settings files are as they are shipped', t => {
  const steps = plan({})
  for (const path of ['/etc/hostname', '/etc/hosts', '/etc/resolv.conf', '/etc/docker/daemon.json'])
    t.is(textOf(steps, path), readFileSync(join(repository, 'provisioning/rootfs', path), 'utf8'), path)
  t.deepEqual(
    steps.flatMap(step => (step.kind === 'absent' ? [step.path] : [])),
    [
      '/etc/systemd/network/10-appliance.network',
      '/etc/systemd/timesyncd.conf.d/10-appliance.conf',
      '/etc/dispatch/appliance.environment',
      '/etc/apt/apt.conf.d/80-appliance-proxy',
      '/etc/ssh/authorized_keys.d/admin',
      '/etc/ssh/authorized_keys.d/root',
    ],
  )
})

test('a name: short for the machine, whole for its programs', t => {
  const steps = plan({ fqdn: 'solo.example.com' })
  t.is(textOf(steps, '/etc/hostname'), 'solo\n')
  t.regex(textOf(steps, '/etc/hosts') ?? '', /^127\.0\.1\.1 solo\.example\.com solo$/m)
  t.true(commandsOf(steps).includes('sysctl --quiet --write kernel.hostname=solo'))
  t.false(
    commandsOf(plan({ fqdn: 'solo.example.com' }, { ...freshFacts, hostName: 'solo' }))
      .join()
      .includes('sysctl'),
  )
})

test('search domains are in the file that programs read themselves', t => {
  const steps = plan({ network: { ...network, searchDomains: ['a.example', 'b.example'] } })
  t.regex(textOf(steps, '/etc/resolv.conf') ?? '', /^search a\.example b\.example$/m)
})

test('time servers', t => {
  t.is(
    textOf(plan({ timeServers: ['ntp.example', '10.0.0.9'] }), '/etc/systemd/timesyncd.conf.d/10-appliance.conf'),
    '[Time]\nNTP=ntp.example 10.0.0.9\n',
  )
})

test('a proxy goes to Docker, to the server, to builds and to apt, in files of root alone', t => {
  const steps = plan({ proxy: { http: 'http://u:p@proxy:3128', https: 'http://tls:3128', exceptions: ['.local'] } })
  t.is(
    textOf(steps, '/etc/dispatch/appliance.environment'),
    `HTTP_PROXY="http://u:p@proxy:3128"
HTTPS_PROXY="http://tls:3128"
NO_PROXY="localhost,127.0.0.1,::1,.local"
DISPATCH_BUILD_PROXY="http://u:p@proxy:3128"
`,
  )
  t.is(
    textOf(steps, '/etc/apt/apt.conf.d/80-appliance-proxy'),
    'Acquire::http::Proxy "http://u:p@proxy:3128";\nAcquire::https::Proxy "http://tls:3128";\n',
  )
  const modes = steps.flatMap(step => (step.kind === 'file' && step.text.includes('proxy:3128') ? [step.mode] : []))
  t.deepEqual(modes, [0o600, 0o600])
})

test('exceptions alone are no proxy', t => {
  t.is(textOf(plan({ proxy: { ...proxy, exceptions: ['.local'] } }), '/etc/dispatch/appliance.environment'), undefined)
})

test('a container network is divided among Docker’s bridge and the networks that it gives out', t => {
  const cases: [string, string, number][] = [
    ['172.30.0.0/16', '172.30.0.1/19', 19],
    ['10.0.0.0/8', '10.0.0.1/11', 11],
    ['192.168.77.128/25', '192.168.77.129/28', 28],
  ]
  for (const [containerNetwork, bip, size] of cases) {
    const {
      bip: given,
      'default-address-pools': pools,
      ...rest
    } = JSON.parse(textOf(plan({ containerNetwork }), '/etc/docker/daemon.json') ?? '')
    t.is(given, bip)
    t.deepEqual(pools, [{ base: containerNetwork, size }])
    t.deepEqual(rest, JSON.parse(textOf(plan({}), '/etc/docker/daemon.json') ?? ''))
  }
})

test('an authority has a file by what it is; one that is not given any more goes; Node and builds are told', t => {
  const facts = { ...freshFacts, authorityFiles: ['appliance-000000000000.crt'] }
  const steps = plan({ authorities: ['PEM 1', 'PEM 2\n'] }, facts)
  const files = steps.flatMap(step => (step.kind === 'file' && step.path.includes('/ca-certificates/') ? [step] : []))
  t.deepEqual(
    files.map(({ text }) => text),
    ['PEM 1\n', 'PEM 2\n'],
  )
  for (const { path } of files) t.regex(path, /^\/usr\/local\/share\/ca-certificates\/appliance-[0-9a-f]{12}\.crt$/)
  t.true(steps.some(step => step.kind === 'absent' && step.path.endsWith('/appliance-000000000000.crt')))
  t.is(
    textOf(steps, '/etc/dispatch/appliance.environment'),
    'NODE_EXTRA_CA_CERTS="/etc/ssl/certs/ca-certificates.crt"\nDISPATCH_BUILD_CA_FILE="/etc/ssl/certs/ca-certificates.crt"\n',
  )
})

test('keys go to admin, and to root only when that was said', t => {
  const authorizedKeys = ['ssh-ed25519 AAAA me', 'ssh-rsa BBBB you']
  for (const [rootLogin, isGiven] of [
    ['permitted', true],
    ['refused', false],
    ['unsaid', false],
  ] as const) {
    const steps = plan({ ssh: { authorizedKeys, rootLogin } })
    t.is(textOf(steps, '/etc/ssh/authorized_keys.d/admin'), 'ssh-ed25519 AAAA me\nssh-rsa BBBB you\n')
    t.is(textOf(steps, '/etc/ssh/authorized_keys.d/root') !== undefined, isGiven, rootLogin)
  }
})

const sshOf = (changes: Partial<Settings['ssh']>, passwords: ('root' | 'admin')[], credentials: Credentials = {}) => {
  const settings = { ...noSettings, ssh: { ...ssh, ...changes } }
  const facts = { ...freshFacts, passwords }
  const text = textOf(planSteps(settings, facts, credentials), '/etc/ssh/sshd_config.d/05-appliance.conf')
  return [text?.replaceAll('\n', ' ').trim(), isSshUsable(settings, facts, credentials)]
}

test('SSH takes passwords only of whom has one and may use it; nobody who could log in leaves it closed', t => {
  const [closed, open] = ['PasswordAuthentication no', 'PasswordAuthentication yes']
  t.deepEqual(sshOf({}, []), [`PermitRootLogin yes ${closed}`, false])
  t.deepEqual(sshOf({ authorizedKeys: ['k'] }, []), [`PermitRootLogin yes ${closed}`, true])
  t.deepEqual(sshOf({}, ['root']), [`PermitRootLogin yes ${open}`, true])
  t.deepEqual(sshOf({ rootLogin: 'refused' }, ['root']), [`PermitRootLogin no ${closed}`, false])
  t.deepEqual(sshOf({ rootLogin: 'refused' }, ['root', 'admin']), [`PermitRootLogin no ${open}`, true])
  t.deepEqual(sshOf({}, [], { rootPassword: 'x' }), [`PermitRootLogin yes ${open}`, true])
  t.deepEqual(sshOf({ rootLogin: 'refused' }, [], { rootPassword: 'x' }), [`PermitRootLogin no ${closed}`, false])
  t.deepEqual(sshOf({}, [], { adminPassword: 'x' }), [`PermitRootLogin yes ${open}`, true])
  t.deepEqual(sshOf({}, ['admin'], { withdrawn: ['admin'] }), [`PermitRootLogin yes ${closed}`, false])
})

test('passwords go by input, to the letter, and no plan that is shown has one or a proxy', t => {
  const password = ` $&\\'"<>ü: \` $(id) `
  const credentials = { rootPassword: password, adminPassword: `2${password}` }
  const steps = plan({ proxy: { ...proxy, http: 'http://u:hidden@proxy:3128' } }, freshFacts, credentials)
  const given = steps.flatMap(step => (step.kind === 'command' && step.stdin !== undefined ? [step.stdin] : []))
  t.deepEqual(given, [`root:${password}\n`, `admin:2${password}\n`])
  const shown = renderPlan(steps)
  for (const secret of [password, 'hidden']) t.false(shown.includes(secret))
  t.false(commandsOf(steps).some(line => line.includes('$(id)')))
})

test('what runs is restarted once, after all files, and only by what it reads', t => {
  const steps = plan({ fqdn: 'solo' })
  t.is(
    renderPlan(steps)
      .split('\n')
      .filter(line => line.startsWith('run'))
      .join('\n'),
    `run     networkctl reload, when one of these changed: /etc/systemd/network/10-appliance.network
run     sysctl --quiet --write kernel.hostname=solo
run     systemctl --no-block try-restart systemd-timesyncd.service, when one of these changed: /etc/systemd/timesyncd.conf.d/10-appliance.conf
run     update-ca-certificates --fresh, when one of these changed: /usr/local/share/ca-certificates/
run     systemctl --no-block try-restart ssh.service, when one of these changed: /etc/ssh/sshd_config.d/05-appliance.conf
run     systemctl --no-block try-restart dispatch-server.service docker.service, when one of these changed: /etc/docker/daemon.json /etc/dispatch/appliance.environment /usr/local/share/ca-certificates/`,
  )
  const kinds = steps.map(({ kind }) => kind === 'command')
  t.deepEqual(kinds, kinds.toSorted())
})
