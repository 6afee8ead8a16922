/** Each rule is broken once in a made-up tree, and is found by its name and the path. */
import test from 'ava'
import { findFaults, renderFindings } from '../../../../packer/hygiene/check.ts'
import { exceptions } from '../../../../packer/hygiene/exceptions.ts'
import { rules } from '../../../../packer/hygiene/rules.ts'
import type { Entry } from '../../../../packer/hygiene/tree.ts'
import { device, file, folder, layer, link, madeUp, madeUpImage } from './made-up.ts'

const named = (listing: ReturnType<typeof madeUp>) =>
  findFaults(listing).map(({ rule, path, detail }) => [rule.name, path, ...(detail === undefined ? [] : [detail])])

const keyText = `-----BEGIN PRIVATE KEY-----\n${'A'.repeat(64)}\n-----END PRIVATE KEY-----\n`
const passwd = 'root:x:0:0::/root:/bin/bash\n'

const rootRule = "the root folder is root's, and nobody else writes to it"

/** Rule, path, what is there, and what is said beside the path. */
const cases: readonly [rule: string, path: string, entry: Entry, detail?: string][] = [
  ['no SSH host key', '/etc/ssh/ssh_host_ed25519_key', file()],
  ['no authorized key', '/root/.ssh/authorized_keys', file()],
  ['no authorized key', '/root/.ssh', folder()],
  ['no authorized key', '/etc/ssh/authorized_keys2', file()],
  ['no authorized key', '/etc/ssh/authorized_keys.d/admin', file()],
  ['no shell history', '/root/.bash_history', file()],
  ['no shell history', '/root/.lesshst', file()],
  ['no log', '/var/log/apt/history.log', file()],
  ['no log', '/var/log/wtmp', file()],
  ['no journal', '/var/lib/elsewhere/system.journal', file()],
  ['no package list or cache', '/var/lib/apt/lists/mirror_dists_trixie_InRelease', file()],
  ['no package list or cache', '/var/cache/apt/pkgcache.bin', file()],
  ['no random seed', '/var/lib/systemd/random-seed', file()],
  ['no random seed', '/var/lib/systemd/credential.secret', file()],
  ['no random seed', '/boot/efi/loader/random-seed', file()],
  ['no home folder', '/home/builder', folder()],
  ['no Docker identity', '/var/lib/docker/engine-id', file()],
  ['no Docker identity', '/var/lib/docker/network', folder()],
  ['no Docker identity', '/etc/docker/key.json', file()],
  ['no container or volume', '/var/lib/docker/containers', folder()],
  ['no D-Bus machine id', '/var/lib/dbus/machine-id', file()],
  ['no lease or DUID', '/var/lib/systemd/network/duid', file()],
  ['no lease or DUID', '/var/lib/dhcp/dhclient.leases', file()],
  ['no cloud-init state', '/var/lib/cloud', folder()],
  ['no machine information', '/etc/machine-info', file()],
  ['no machine information', '/etc/udev/rules.d/70-persistent-net.rules', file()],
  ['no name on a storage network', '/etc/iscsi/initiatorname.iscsi', file()],
  ['no name on a storage network', '/etc/nvme/hostnqn', file()],
  ['no right to become root without a password', '/etc/sudoers.d/90-builder', file()],
  ['no password of before', '/etc/shadow-', file()],
  ['no private key', '/etc/ssl/private/server.pem', file()],
  ['no private key', '/usr/lib/dispatch/tls.key', file()],
  ['no private key', '/root/id_ed25519', file()],
  ['no state of our own programs', '/var/lib/dispatch', folder()],
  ['no state of our own programs', '/var/lib/dispatch-appliance/state.json', file()],
  ['no settings of one machine', '/etc/apt/apt.conf.d/80-appliance-proxy', file()],
  ['no settings of one machine', '/etc/systemd/network/10-appliance.network', file()],
  ['nothing of the run', '/tmp/script.sh', file()],
  ['nothing of the run', '/run/systemd', folder()],
  ['no dpkg that writes without flushing', '/etc/dpkg/dpkg.cfg.d/99mmdebstrap', file()],
  ['no private key in a file of settings', '/etc/app/settings.pem', file(keyText)],
  ['the machine id is not made yet', '/etc/machine-id', file('0123456789abcdef0123456789abcdef\n')],
  ['the machine id is not made yet', '/etc/machine-id', file('')],
  ['no password', '/etc/shadow', file('root:$y$j9T$x:20000::::::\n'), 'root'],
  ['no password', '/etc/shadow', file('root:!$y$j9T$x:20000::::::\n'), 'root'],
  ['no password', '/etc/shadow', file('root::20000::::::\n'), 'root'],
  ['no password', '/etc/shadow', file(), 'not a small file'],
  ['no password', '/etc/gshadow', file('root:$y$j9T$x::\n'), 'root'],
  ['no password', '/etc/passwd', file(`nobody::65534:0::/:\n${passwd}`), 'nobody'],
  ['no account of a person', '/etc/passwd', file(`${passwd}builder:x:1000:0::/:/bin/sh\n`), 'builder'],
  ['no account of a person', '/etc/passwd', file(`${passwd}toor:x:0:0::/:/bin/sh\n`), 'toor'],
  ['no owner without a name', '/opt/app', file(undefined, { uid: 1001, gid: 7 }), '1001:7'],
  ['no owner without a name', '/opt/app', file(undefined, { gid: 7 }), '0:7'],
  ['no rights by set-user-id or set-group-id', '/usr/bin/chsh', file(undefined, { mode: 0o4755 })],
  ['no rights by set-user-id or set-group-id', '/usr/bin/ssh-agent', file(undefined, { mode: 0o2755 })],
  [
    'no rights by file capabilities',
    '/usr/bin/ping',
    file(undefined, { capabilities: 'cap_net_raw=ep' }),
    'cap_net_raw=ep',
  ],
  [rootRule, '/', folder({ mode: 0o775 }), 'directory 775 0:0'],
  [rootRule, '/', folder({ mode: 0o700 }), 'directory 700 0:0'],
  [rootRule, '/', folder({ gid: 42 }), 'directory 755 0:42'],
  ['nothing that everybody can write', '/etc/app.conf', file('', { mode: 0o666 })],
  ['nothing that everybody can write', '/srv/drop', folder({ mode: 0o777 })],
  ['no broken link', '/etc/alternatives/editor', link('/usr/bin/vim')],
  ['no broken link', '/usr/bin/loop', link('loop')],
  ['no broken link', '/usr/bin/up', link('../../../../bin/nothing')],
  ['no device outside of /dev', '/srv/null', device],
]

for (const [index, [rule, path, entry, detail]] of cases.entries()) {
  test(`${index + 1}. ${rule}: ${path}`, t => {
    t.deepEqual(named(madeUp({ [path]: entry })), [[rule, path, ...(detail === undefined ? [] : [detail])]])
  })
}

test('every rule is broken by one of these', t => {
  const broken = new Set(cases.map(([rule]) => rule))
  t.deepEqual(
    rules.map(({ name }) => name).filter(name => !broken.has(name)),
    [],
  )
})

test('a clean tree breaks none', t => {
  t.deepEqual(named(madeUp()), [])
})

test('a machine id that is not there is no first boot', t => {
  t.deepEqual(named(madeUp({ '/etc/machine-id': undefined })), [['the machine id is not made yet', '/etc/machine-id']])
})

test('a listing without the root folder is not taken for one where all is well', t => {
  t.deepEqual(named(madeUp({ '/': undefined })), [[rootRule, '/', 'none 0 0:0']])
})

test('capabilities in a layer of an image are judged as well', t => {
  const server = file(undefined, { capabilities: 'cap_net_bind_service=ep' })
  t.deepEqual(named(madeUpImage({}, { '/usr/bin/server': server })), [
    ['no rights by file capabilities', layer('upper', '/usr/bin/server'), 'cap_net_bind_service=ep'],
  ])
})

test('every exception names a rule that there is, and says why', t => {
  const names = rules.map(({ name }) => name)
  for (const { rule, reason } of exceptions) t.true(names.includes(rule) && reason.length > 10, rule)
})

test('a layer of an image is judged as well, by its own users and with what is below it', t => {
  const below = { '/usr': folder(), '/usr/bin': folder(), '/usr/bin/python3.13': file() }
  const python = link('python3.13')
  t.deepEqual(named(madeUpImage(below, { '/usr/bin/python3': python, '/run/app': folder() })), [])
  const key = { '/app/tls.key': file(), '/usr/bin/python3': python, '/app': folder({ uid: 7 }) }
  t.deepEqual(named(madeUpImage({}, key)), [
    ['no private key', layer('upper', '/app/tls.key')],
    ['no owner without a name', layer('upper', '/app'), '7:0'],
    ['no broken link', layer('upper', '/usr/bin/python3')],
  ])
})

test('a layer that took a file away has no link to it', t => {
  const below = { '/usr': folder(), '/usr/bin': folder(), '/usr/bin/old': file() }
  const upper = { '/usr/bin/old': device, '/usr/bin/new': link('old') }
  t.deepEqual(named(madeUpImage(below, upper)), [['no broken link', layer('upper', '/usr/bin/new')]])
})

test('what is said names the rule, what to do, and each path', t => {
  const text = renderFindings(findFaults(madeUp({ '/home/a': folder(), '/home/b': folder(), '/tmp/c': file() })))
  t.is(
    text,
    [
      'The sealed tree breaks 2 of its rules (packer/hygiene):',
      '  no home folder: name it in removedPaths of packer/identity.ts',
      '    /home/a',
      '    /home/b',
      '  nothing of the run: name it in removedPaths of packer/identity.ts',
      '    /tmp/c',
    ].join('\n'),
  )
})
