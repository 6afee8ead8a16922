/** What must not leave a guest: identities, secrets and traces of its one run; and the check that none did. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Shell patterns below the root. What they name is made anew at boot, or by Docker when it starts. */
export const removedPaths: readonly string[] = [
  ...[
    'etc/ssh/ssh_host_*',
    'etc/docker/key.json',
    'etc/machine-info',
    'etc/.pwd.lock',
    'etc/.resolv.conf.systemd-resolved.bak',
    'etc/*-',
    'etc/.updated',
  ],
  ...['root/.ssh', 'root/.bash_history', 'root/.cache', 'root/.docker', 'root/.wget-hsts', 'home/*', 'lost+found'],
  ...['run/*', 'tmp/*', 'tmp/.[!.]*', 'var/tmp/*', 'var/log/*', 'var/backups/*', 'var/.updated', 'var/lib/dispatch'],
  ...['var/lib/dbus/machine-id', 'var/lib/dhcp/*', 'var/lib/private/systemd', 'var/lib/open-vm-tools/*'],
  ...[
    'random-seed',
    'credential.secret',
    'timers/*',
    'timesync/*',
    'network/*',
    'rfkill/*',
    'pstore/*',
    'linger/*',
  ].map(name => `var/lib/systemd/${name}`),
  ...[
    'var/lib/apt/lists/*',
    'var/cache/apt/*',
    'var/cache/debconf/*-old',
    'var/cache/ldconfig/*',
    'var/lib/dpkg/*-old',
  ],
  ...['engine-id', 'network', 'buildkit', 'containers', 'tmp', 'runtimes', 'swarm', 'plugins', 'volumes'].map(
    name => `var/lib/docker/${name}`,
  ),
  ...['image/overlay2/layerdb/mounts/*', 'image/overlay2/layerdb/tmp', 'overlay2/*/{merged,work}/*'].map(
    name => `var/lib/docker/${name}`,
  ),
  'var/lib/containerd',
  // mmdebstrap's settings for dpkg, of which force-unsafe-io is none for a machine whose power can fail.
  'etc/dpkg/dpkg.cfg.d/99mmdebstrap',
]

/** systemd takes this for a first boot and makes an id; an empty file would not be one. */
export const machineId = 'uninitialized\n'

/** Paths of files, from the root. */
const forbidden: Readonly<Record<string, RegExp>> = {
  'an SSH host key': /^\/etc\/ssh\/ssh_host_/,
  'an authorized key': /\/authorized_keys2?$/,
  'a log': /^\/var\/log\/(journal\/|.*\.log(\.|$)|[wb]tmp$|lastlog$)/,
  'a package list': /^\/var\/lib\/apt\/lists\/.*(Packages|InRelease)/,
  'a shell history': /\/\.[a-z_]*_history$/,
  'a home folder': /^\/home\//,
  'a seed': /^\/var\/lib\/systemd\/(random-seed|credential\.secret)$/,
  "Docker's identity or state": /^\/var\/lib\/docker\/(engine-id|network\/|containers\/)|^\/etc\/docker\/key\.json$/,
  'a setting by which dpkg writes without flushing': /^\/etc\/dpkg\/dpkg\.cfg\.d\/99mmdebstrap$/,
  'a private key': /^\/etc\/ssl\/private\/|^\/(etc|root)\/.*(\.key|\/id_[a-z0-9]+)$/,
}

/** Everything in an unpacked tree that must not be there, one line each; none for a clean one. */
export async function findTraces(treeDir: string): Promise<string[]> {
  const entries = await readdir(treeDir, { recursive: true, withFileTypes: true })
  const paths = entries.filter(entry => !entry.isDirectory()).map(({ parentPath, name }) => join(parentPath, name))
  const found = paths.map(path => path.slice(treeDir.length)).flatMap(findTrace)
  const id = await readFile(join(treeDir, 'etc/machine-id'), 'utf8').catch(() => '')
  if (id !== machineId) found.push('a machine id: /etc/machine-id')
  const shadow = await readFile(join(treeDir, 'etc/shadow'), 'utf8')
  return [...found, ...findPasswords(shadow).map(user => `a password: of ${user}, in /etc/shadow`)].sort()
}

function findTrace(path: string): string[] {
  return Object.entries(forbidden)
    .filter(([, pattern]) => pattern.test(path))
    .map(([what]) => `${what}: ${path}`)
}

/** Users of a shadow file that could log in with a password; `!` and `*` lock, nothing at all is an open door. */
export function findPasswords(shadow: string): string[] {
  const rows = shadow.split('\n').filter(line => line !== '')
  return rows.map(line => line.split(':')).flatMap(([user = '', hash = '']) => (/^[!*]/.test(hash) ? [] : [user]))
}

/** Days since 1970 of the last password change are the bake's own date; all become the epoch's. */
export function renderShadow(shadow: string, epoch: number): string {
  const day = String(Math.floor(epoch / 86_400))
  return shadow.replace(/^([^:\n]*:[^:\n]*):\d+:/gm, (_, head: string) => `${head}:${day}:`)
}
