/** Paths that no appliance may hold: identities, secrets, and traces of the machine that baked it. Data only. */

export type AbsentPath = {
  readonly name: string
  /** Of paths from the root, also of folders where the pattern takes them. */
  readonly pattern: RegExp
  /** A folder alone, without anything in it, is no trace. */
  readonly isFolderAllowed: boolean
  readonly isOfSystemAlone?: boolean
}

const content = (name: string, pattern: RegExp): AbsentPath => ({ name, pattern, isFolderAllowed: true })
const all = (name: string, pattern: RegExp): AbsentPath => ({ name, pattern, isFolderAllowed: false })

/** What the appliance writes below /etc once it is told. */
const settings = [
  'apt/apt.conf.d/80-appliance-proxy',
  'dispatch/appliance.environment',
  'ssh/sshd_config.d/05-appliance.conf',
  'systemd/network/10-appliance.network',
  'systemd/timesyncd.conf.d/10-appliance.conf',
].map(path => path.replaceAll('.', '\\.'))

export const absentPaths: readonly AbsentPath[] = [
  all('no SSH host key', /^\/etc\/ssh\/ssh_host_/),
  all('no authorized key', /\/authorized_keys(2?$|\.d\/)|\/\.ssh(\/|$)/),
  all('no shell history', /\/\.([a-z_]*_history|lesshst|viminfo|wget-hsts)$/),
  content('no log', /^\/var\/log\//),
  content('no journal', /\.journal~?$|^\/run\/log\//),
  content('no package list or cache', /^\/var\/(lib\/apt\/lists|cache\/(apt|tdnf|dnf))\//),
  all('no random seed', /^\/var\/lib\/(systemd\/(random-seed|credential\.secret)|urandom)$|\/loader\/random-seed$/),
  all('no home folder', /^\/home\//),
  all('no Docker identity', /^\/var\/lib\/docker\/(engine-id|network|swarm|trust)(\/|$)|^\/etc\/docker\/key\.json$/),
  all('no container or volume', /^\/var\/lib\/docker\/(containers|volumes|buildkit)(\/|$)|^\/var\/lib\/containerd\//),
  all('no D-Bus machine id', /^\/var\/lib\/dbus\/machine-id$/),
  content('no lease or DUID', /^\/var\/lib\/(dhcp|dhcpcd|dhclient|NetworkManager|systemd\/network)\//),
  all('no cloud-init state', /^\/(etc\/cloud|var\/lib\/cloud|run\/cloud-init)(\/|$)/),
  all('no machine information', /^\/etc\/machine-info$|^\/etc\/udev\/rules\.d\/\d+-persistent-/),
  all('no name on a storage network', /^\/etc\/(iscsi\/initiatorname\.iscsi|nvme\/host(id|nqn))$/),
  all('no right to become root without a password', /^\/etc\/sudoers\.d\/(?!README$)/),
  all('no password of before', /^\/etc\/g?(passwd|shadow|group)-$/),
  content('no private key', /^\/etc\/ssl\/private\/|\.(key|p12|pfx|jks|keystore)$|\/id_(rsa|dsa|ecdsa|ed25519)$/),
  all('no state of our own programs', /^\/var\/lib\/dispatch(-[a-z]+)?(\/|$)/),
  all('no settings of one machine', new RegExp(`^/etc/(${settings.join('|')})$`)),
  // An image may well bring folders for what its functions write.
  { ...all('nothing of the run', /^\/(run|tmp|var\/tmp)\//), isOfSystemAlone: true },
  all('no dpkg that writes without flushing', /^\/etc\/dpkg\/dpkg\.cfg\.d\/99mmdebstrap$/),
]
