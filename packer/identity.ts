/** What must not leave a guest: identities, secrets and traces of its one run. That none did, `packer/hygiene` checks. */

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
  ...['run/*', 'tmp/*', 'tmp/.[!.]*', 'var/tmp/*', 'var/log/*', 'var/backups/*', 'var/.updated'],
  ...['var/lib/dispatch', 'var/lib/dispatch-appliance', 'etc/ssh/authorized_keys.d/*'],
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

/** Days since 1970 of the last password change are the bake's own date; all become the epoch's. */
export function renderShadow(shadow: string, epoch: number): string {
  const day = String(Math.floor(epoch / 86_400))
  return shadow.replace(/^([^:\n]*:[^:\n]*):\d+:/gm, (_, head: string) => `${head}:${day}:`)
}

/** Below them, systemd keeps when it last followed what /usr brings. */
export const followedFolders: readonly string[] = ['etc', 'var']

/**
 * Says that caches, users and catalogues fit /usr, so that no first boot makes them again: the guest has. As
 * systemd-update-done writes it. @param epoch in seconds; that of the latest file in /usr
 */
export const renderFollowed = (epoch: number): string => `TIMESTAMP_NSEC=${BigInt(epoch) * 1_000_000_000n}\n`
