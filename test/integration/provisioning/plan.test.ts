/** Plans as they are applied to a machine, judged by the programs that read what was written. Needs root. */
import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import test from 'ava'
import { groups } from '../../../provisioning/appliance/places.ts'
import { type Applied, applySteps } from '../../../provisioning/firstboot/apply.ts'
import { createFiles } from '../../../provisioning/firstboot/files.ts'
import { daemonFile } from '../../../provisioning/firstboot/plan/containers.ts'
import { planSteps } from '../../../provisioning/firstboot/plan/plan.ts'
import { type Credentials, noSettings, type Settings } from '../../../provisioning/firstboot/settings.ts'
import type { Run } from '../../../provisioning/run.ts'
import { createMachine, type Machine } from '../../helpers/machine.ts'
import { startOwnDocker } from '../../helpers/own-docker.ts'
import { freshFacts } from '../../helpers/plan-cases.ts'
import { until } from '../../helpers/wait.ts'

/** There are units on the machine, but no systemd that runs them. */
const offline =
  (run: Run): Run =>
  async (argv, options) =>
    argv[0] === 'systemctl' || argv[0] === 'networkctl' ? { exitCode: 0, stdout: '', stderr: '' } : run(argv, options)

type Given = Partial<Settings> & { credentials?: Credentials; authorityFiles?: readonly string[] }

const apply = (
  { root, run }: Machine,
  { credentials = {}, authorityFiles = [], ...settings }: Given,
): Promise<Applied> =>
  applySteps(planSteps({ ...noSettings, ...settings }, { ...freshFacts, authorityFiles }, credentials), {
    files: createFiles(root),
    run: offline(run),
  })

/** What crypt makes of it with the salt that is there. */
async function isPasswordOf({ must, root }: Machine, login: string, password: string): Promise<boolean> {
  const shadow = await readFile(join(root, 'etc/shadow'), 'utf8')
  const hash =
    shadow
      .split('\n')
      .find(row => row.startsWith(`${login}:`))
      ?.split(':')[1] ?? ''
  return (await must('perl', '-e', 'print crypt($ARGV[0], $ARGV[1])', password, hash)) === hash
}

async function createAccounts(machine: Machine): Promise<void> {
  const lists = ['dispatch', 'dispatch-appliance'].map(name => `/usr/lib/sysusers.d/${name}.conf`)
  // Debian 12 does not know the mark of an account that is locked for good.
  await machine.must('sed', '-i', 's/^u!/u/; /docker$/d', ...lists)
  await machine.must('systemd-sysusers', ...lists)
}

test('accounts: the agent is asked by admin alone, besides root, and not by all who administrate the server', async t => {
  const machine = await createMachine(t)
  await createAccounts(machine)
  const membersOf = async (group: string) => (await machine.must('getent', 'group', group)).trim().split(':').at(-1)
  t.is(await membersOf(groups.administrators), 'admin')
  t.is(await membersOf(groups.setup), '')
  t.is(await membersOf(groups.tls), 'dispatch,dispatch-setup')
  for (const server of ['dispatch', 'dispatch-setup'])
    t.false((await machine.must('id', '-nG', server)).trim().split(' ').includes(groups.administrators), server)
})

test('accounts: made with a home, locked until a password is given, which is taken to the letter', async t => {
  const machine = await createMachine(t)
  await createAccounts(machine)
  await machine.must('systemd-tmpfiles', '--create', '/usr/lib/tmpfiles.d/dispatch-appliance.conf')
  t.regex(await machine.must('getent', 'passwd', 'admin'), /:\/home\/admin:\/bin\/bash$/m)
  t.regex(await machine.must('id', '-nG', 'admin'), /\bdispatch\b/)
  t.regex(await machine.must('getent', 'passwd', 'dispatch-setup'), /nologin$/m)
  t.is((await machine.must('stat', '--format', '%U:%G %a', '/home/admin')).trim(), 'admin:admin 700')
  t.regex(await machine.must('cat', '/home/admin/.dispatch/config.json'), /api\.sock/)
  t.regex(await machine.must('getent', 'shadow', 'admin'), /^admin:!\*?:/)

  const rootPassword = ' a$b`c\\d&e\'f"g<h>äöü:$(id) '
  const adminPassword = `${'x'.repeat(190)}#!`
  t.deepEqual((await apply(machine, { credentials: { rootPassword, adminPassword } })).failures, [])
  t.true(await isPasswordOf(machine, 'root', rootPassword))
  t.false(await isPasswordOf(machine, 'root', rootPassword.trim()))
  t.true(await isPasswordOf(machine, 'admin', adminPassword))

  t.deepEqual((await apply(machine, { credentials: { withdrawn: ['admin'] } })).failures, [])
  t.false(await isPasswordOf(machine, 'admin', adminPassword))
  t.true(await isPasswordOf(machine, 'root', rootPassword))
})

test('SSH: sshd takes the files, offers two keys and forwards nothing; passwords only when there are some', async t => {
  const machine = await createMachine(t)
  await machine.must('mkdir', '-p', '/run/sshd')
  await machine.must('ssh-keygen', '-A')
  const ask = async () => (await machine.must('/usr/sbin/sshd', '-T')).split('\n')
  await apply(machine, { ssh: { authorizedKeys: ['ssh-ed25519 AAAA me'], rootLogin: 'refused' } })
  await machine.must('/usr/sbin/sshd', '-t')
  const [closed, open] = [await ask(), await apply(machine, { credentials: { rootPassword: 'x' } }).then(ask)]
  for (const line of [
    ...['permitrootlogin no', 'passwordauthentication no', 'kbdinteractiveauthentication no'],
    ...['allowtcpforwarding no', 'allowagentforwarding no', 'allowstreamlocalforwarding no', 'x11forwarding no'],
    'authorizedkeysfile .ssh/authorized_keys /etc/ssh/authorized_keys.d/%u',
  ])
    t.true(closed.includes(line), line)
  t.deepEqual(
    closed.filter(line => line.startsWith('hostkey ')),
    ['hostkey /etc/ssh/ssh_host_ed25519_key', 'hostkey /etc/ssh/ssh_host_rsa_key'],
  )
  for (const line of ['permitrootlogin yes', 'passwordauthentication yes']) t.true(open.includes(line), line)
})

test('an authority is trusted as long as it is given', async t => {
  const machine = await createMachine(t)
  const subject = '/CN=an authority of a test'
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', '/root/test.pem']
  const pem = await machine.must('openssl', 'req', '-x509', ...key, '-subj', subject, '-days', '2')
  await machine.must('sh', '-c', 'printf %s "$1" > /root/authority.pem', 'sh', pem)
  const verify = async () => (await machine.run(['openssl', 'verify', '/root/authority.pem'])).exitCode === 0
  const bundle = () => readFile(join(machine.root, 'etc/ssl/certs/ca-certificates.crt'), 'utf8')
  t.false(await verify())
  const { changed, failures } = await apply(machine, { authorities: [pem] })
  t.deepEqual(failures, [])
  t.true(await verify())
  t.true((await bundle()).includes(pem.trim()))

  const authorityFiles = changed
    .filter(path => path.includes('/ca-certificates/'))
    .map(path => path.replace(/.*\//, ''))
  t.deepEqual((await apply(machine, { authorityFiles })).failures, [])
  t.false(await verify())
  t.false((await bundle()).includes(pem.trim()))
})

test('a name: the machine has it at once, and finds itself by it', async t => {
  const machine = await createMachine(t)
  t.deepEqual((await apply(machine, { fqdn: 'solo.example.com' })).failures, [])
  t.is((await machine.must('hostname')).trim(), 'solo')
  t.is((await machine.must('hostname', '--fqdn')).trim(), 'solo.example.com')
})

test('a proxy is read to the letter, by programs that quote as systemd does, and by apt', async t => {
  const machine = await createMachine(t)
  const http = 'http://us$er:p"a\\s`s%41#;@proxy.example:3128'
  t.deepEqual((await apply(machine, { proxy: { http, exceptions: ['.local'] } })).failures, [])
  const file = '/etc/dispatch/appliance.environment'
  t.is(await machine.must('sh', '-c', `set -a; . ${file}; printenv HTTP_PROXY`), `${http}\n`)
  await machine.must('mkdir', '-p', '/etc/environment.d')
  await machine.must('cp', file, '/etc/environment.d/10-test.conf')
  const generator = '/usr/lib/systemd/user-environment-generators/30-systemd-environment-d-generator'
  t.true((await machine.must(generator)).includes('NO_PROXY=localhost,127.0.0.1,::1,.local\n'))
  t.regex(await machine.must('apt-config', 'dump', 'Acquire::http::Proxy'), /"http:\/\/us\$er:p%22a%5Cs`s%41#;@proxy/)
  t.is((await machine.must('stat', '--format', '%U %a', file)).trim(), 'root 600')
})

const networks: Record<string, Partial<Settings['network']>> = {
  DHCP: {},
  'DHCP with servers': { nameServers: ['10.0.0.2', 'fd00::2'], searchDomains: ['a.example'], mtu: 9000 },
  'static IPv4': { address: { address: '10.0.0.5', prefixLength: 24 }, gateway: '10.0.0.1', mtu: 1400 },
  'static IPv6': {
    address: { address: '2001:db8::5', prefixLength: 64 },
    gateway: 'fe80::1',
    nameServers: ['fd00::2'],
  },
  'gateway elsewhere': { address: { address: '10.0.0.5', prefixLength: 32 }, gateway: '10.9.9.9' },
}

/** systemd-networkd itself, with a pair of links; `ens192` stands for the card, which no test can make. */
async function startNetwork(machine: Machine): Promise<{ said(): string }> {
  const file = '/etc/systemd/network/10-appliance.network'
  const match = 's/^PermanentMACAddress=.*/Name=ens192/; /^Type=ether$/d; /^Kind=/d'
  await machine.must('sed', '-i', match, file)
  await machine.must('mkdir', '-p', ...['links', 'leases', 'lldp'].map(name => `/run/systemd/netif/${name}`))
  await machine.must('ip', 'link', 'add', 'ens192', 'type', 'veth', 'peer', 'name', 'far')
  await machine.must('ip', 'link', 'set', 'far', 'up')
  const child = machine.start('env', 'SYSTEMD_LOG_TARGET=console', '/usr/lib/systemd/systemd-networkd')
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', data => (text += data))
  return { said: () => text }
}

for (const [name, changes] of Object.entries(networks))
  test(`network, ${name}: networkd takes every line, and does as it says`, async t => {
    const machine = await createMachine(t)
    const network = { ...noSettings.network, ...changes }
    t.deepEqual((await apply(machine, { network, timeServers: ['ntp.example'] })).failures, [])
    const { said } = await startNetwork(machine)
    const show = async (...args: string[]) => machine.must('ip', '-oneline', ...args)
    const { address, gateway, mtu } = network
    await until('networkd has read its files', async () => said().includes('Enumeration completed'))
    if (mtu !== undefined)
      await until('the link has its MTU', async () => (await show('link', 'show', 'ens192')).includes(`mtu ${mtu} `))
    if (address !== undefined) {
      const wanted = `${address.address}/${address.prefixLength}`
      await until('the link has its address', async () => (await show('addr', 'show', 'ens192')).includes(wanted))
    }
    if (gateway !== undefined) {
      const routes = () => Promise.all([show('route'), show('-6', 'route')]).then(lists => lists.join(''))
      await until('there is a route', async () => (await routes()).includes(`default via ${gateway} dev ens192`))
    }
    t.notRegex(said(), /10-appliance\.network.*(Unknown|ignoring|Failed|invalid)/i)
  })

test('networkd would speak up about a wrong line', async t => {
  const machine = await createMachine(t)
  await apply(machine, { timeServers: ['ntp.example'] })
  await machine.must('sh', '-c', 'echo NoSuchKey=yes >> /etc/systemd/network/10-appliance.network')
  const { said } = await startNetwork(machine)
  await until('networkd has read its files', async () => said().includes('Enumeration completed'))
  t.regex(said(), /10-appliance\.network.*Unknown/)
})

/** Of Docker, as a plan writes it. */
const daemonSettings = (changes: Partial<Settings>): string =>
  planSteps({ ...noSettings, ...changes }, freshFacts)
    .flatMap(step => (step.kind === 'file' && step.path === daemonFile ? [step.text] : []))
    .join()

test('a container network: Docker moves to it when it starts again, with every network that it makes', async t => {
  const docker = await startOwnDocker({ languages: [], settings: daemonSettings({}) })
  t.teardown(docker.close)
  const subnetOf = async (name: string) =>
    (await docker.docker('network', 'inspect', '--format', '{{(index .IPAM.Config 0).Subnet}}', name)).trim()
  t.notRegex(await subnetOf('bridge'), /^172\.30\./)
  await docker.kill('SIGTERM')
  await writeFile(join(docker.directory, 'daemon.json'), daemonSettings({ containerNetwork: '172.30.0.0/22' }))
  await docker.start()
  const names = ['one', 'two', 'three', 'four', 'five', 'six', 'seven']
  for (const name of names) await docker.docker('network', 'create', name)
  const subnets = await Promise.all(['bridge', ...names].map(subnetOf))
  t.is(subnets[0], '172.30.0.0/25')
  t.is(new Set(subnets).size, 8)
  for (const subnet of subnets) t.regex(subnet, /^172\.30\.[0-3]\.(0|128)\/25$/)
  const bridge = await promisify(execFile)('ip', ['-n', docker.namespace, '-oneline', '-4', 'addr', 'show', 'docker0'])
  t.deepEqual(bridge.stdout.match(/(?<=inet )\S+/g)?.join(), '172.30.0.1/25')
})
