/** Where everything is on an appliance. */
export const places = {
  /** What is remembered: values, the claim, certificates. Root's alone. */
  state: '/var/lib/dispatch-appliance',
  /** Gone at every power-off. */
  runtime: '/run/dispatch-appliance',
  /** The certificate that counts, for those who show it. */
  tls: '/etc/dispatch/tls',
  serverConfig: '/etc/dispatch/config.yaml',
  serverSocket: '/run/dispatch/api.sock',
  sshHostKey: '/etc/ssh/ssh_host_ed25519_key.pub',
  /** Of systemd-resolved: the name servers that it asks, wherever they come from. */
  nameServers: '/run/systemd/resolve/resolv.conf',
  routes: '/proc/net/route',
  networkClass: '/sys/class/net',
  groups: '/etc/group',
  console: '/dev/tty1',
  serial: '/dev/ttyS0',
  blockDevices: '/sys/block',
  devices: '/dev',
} as const

export type Places = Readonly<Record<keyof typeof places, string>>

export const groups = {
  /** Administrators of the appliance. */
  administrators: 'dispatch-admin',
  /** The set-up page. */
  setup: 'dispatch-setup',
  /** Who shows the certificate. */
  tls: 'dispatch-tls',
} as const
