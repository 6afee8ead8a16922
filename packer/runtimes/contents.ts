/** Data: the Debian under every language, and what its packages' own scripts would have added when they were installed. */
import { debian } from '../bases/debian.ts'

export const suite = debian.suite

/** The layer under every language: what Debian cannot be without, apt, trusted certificates, C++'s library, busybox. */
export const basePackages = ['?essential', 'apt', 'busybox', 'ca-certificates', 'libgcc-s1', 'libstdc++6']

/** Files of the shared layer, each at its place in the image. */
export const baseRootfs = 'server/runtimes/base/rootfs'

/** Modes of directories that differ from 0755, and directories that are in no package. */
export const directoryModes: Readonly<Record<string, number>> = {
  'etc/ssl/private': 0o700,
  function: 0o755,
  root: 0o700,
  'run/dispatch': 0o755,
  tmp: 0o1777,
  'usr/local/bin': 0o755,
  'usr/local/lib': 0o755,
  'var/cache/ldconfig': 0o700,
  'var/lock': 0o1777,
  'var/mail': 0o755,
  'var/tmp': 0o1777,
}

/** Files that scripts copy from a package to their place. */
export const copiedFiles: Readonly<Record<string, string>> = {
  // Where apt fetches from, unless the server's configuration says otherwise: apt's own choice for its release.
  'etc/apt/sources.list.d/debian.sources': 'usr/share/doc/apt/examples/debian.sources',
  'etc/group': 'usr/share/base-passwd/group.master',
  'etc/passwd': 'usr/share/base-passwd/passwd.master',
  'etc/profile': 'usr/share/base-files/profile',
  'etc/shells': 'usr/share/debianutils/shells',
}

export const baseLinks: Readonly<Record<string, string>> = {
  'etc/dpkg/origins/default': 'debian',
  'var/spool/mail': '../mail',
}

/** Arguments of update-alternatives; absolute paths are those in the image. */
export const alternatives: readonly (readonly string[])[] = [
  ['--install', '/usr/bin/awk', 'awk', '/usr/bin/mawk', '5', '--slave', '/usr/bin/nawk', 'nawk', '/usr/bin/mawk'],
  ['--install', '/usr/bin/pager', 'pager', '/bin/more', '50'],
  ['--install', '/usr/bin/which', 'which', '/usr/bin/which.debianutils', '0'],
  ['--install', '/usr/sbin/rmt', 'rmt', '/usr/sbin/rmt-tar', '50'],
]

/** Commands of busybox that functions call and no package of the layer has; a package that brings one takes its place. */
export const commands = [
  ...['ash', 'bunzip2', 'bzcat', 'free', 'hexdump', 'kill', 'less', 'nc', 'ps', 'top', 'unzip', 'uptime', 'vi'],
  ...['wget', 'xxd', 'xzcat'],
]
