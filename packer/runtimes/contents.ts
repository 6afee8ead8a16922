/** Data: which Debian packages every runtime image shares, and which of all packages' files are shipped. */
import { debian } from '../bases/debian.ts'

export const suite = debian.suite

/** The layer under every language: C and C++ libraries, the trusted certificates, a shell with the usual commands. */
export const basePackages = ['base-files', 'busybox', 'ca-certificates', 'libc6', 'libgcc-s1', 'libstdc++6']

/**
 * Dependencies that nothing in an image uses: installers, interactive line editing, old ciphers, a database format.
 * apt is told that they are there already.
 */
export const heldPackages: Readonly<Record<string, { readonly provides?: string }>> = {
  ...Object.fromEntries(['dpkg', 'debconf', 'perl-base', 'libc-bin', 'media-types', 'netbase', 'openssl'].map(hold)),
  ...Object.fromEntries(['openssl-provider-legacy', 'readline-common', 'libreadline8t64', 'libdb5.3t64'].map(hold)),
  ...Object.fromEntries(['libncursesw6', 'libtinfo6'].map(hold)),
  mawk: { provides: 'awk' },
}

function hold(name: string): [string, { readonly provides?: string }] {
  return [name, {}]
}

const python = 'usr/lib/python3\\.\\d+'

/** What is left out; licences stay, for whoever receives the appliance. */
const dropped = [
  /^(boot|home|media|mnt|opt|srv|var)\//,
  /^etc\/(?!(os-release|debian_version|host\.conf|passwd|group|nsswitch\.conf)$|ssl\/certs\/)/,
  /^usr\/(games|include|src|sbin)\//,
  /^usr\/share\/(?!doc\/[^/]+(\/copyright)?$|common-licenses\/|zoneinfo\/)/,
  /^usr\/lib\/binfmt\.d\//,
  /^usr\/lib\/x86_64-linux-gnu\/(audit|engines-3|gconv|ossl-modules)\//,
  /^usr\/lib\/x86_64-linux-gnu\/lib(BrokenLocale|c_malloc_debug|memusage|nss_hesiod|pcprofile|thread_db|expatw)\./,
  /^usr\/bin\/(chardet|normalizer|py3|pydoc|pygettext)/,
  new RegExp(`^${python}/(_pyrepl|curses|ensurepip|idlelib|pydoc_data|test|tkinter|turtledemo|venv)/`),
  // Fallbacks for modules that are there in C, and a window for drawing.
  new RegExp(`^${python}/(__pycache__/)?(_pydecimal|_pyio|turtle)\\.`),
  new RegExp(`^${python}/lib-dynload/(_curses|_dbm|_gdbm|_test|_xx|_ctypes_test|readline|xx)`),
]

/** Paths have no leading slash. */
export const isShipped = (path: string): boolean => !dropped.some(pattern => pattern.test(path))

/** Mount points and places to write; everything else of a directory tree follows from the files in it. */
export const emptyDirectories: Readonly<Record<string, number>> = {
  dev: 0o755,
  function: 0o755,
  proc: 0o755,
  root: 0o700,
  run: 0o755,
  'run/dispatch': 0o755,
  sys: 0o755,
  tmp: 0o1777,
  'usr/sbin': 0o755,
  var: 0o755,
  'var/tmp': 0o1777,
}

export const baseFiles: Readonly<Record<string, string>> = {
  'etc/passwd': 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n',
  'etc/group': 'root:x:0:\nnogroup:x:65534:\n',
  'etc/nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files dns\n',
}

export const baseLinks: Readonly<Record<string, string>> = {
  'usr/lib/ssl/certs': '/etc/ssl/certs',
  'usr/lib/ssl/cert.pem': '/etc/ssl/certs/ca-certificates.crt',
}

/** Commands of busybox that functions call; it answers to more as `busybox NAME`. */
export const commands = [
  ...['[', 'ash', 'awk', 'base64', 'basename', 'bunzip2', 'bzcat', 'cat', 'chmod', 'cmp', 'cp', 'cut', 'date', 'dd'],
  ...['df', 'diff', 'dirname', 'du', 'echo', 'env', 'expr', 'false', 'find', 'free', 'grep', 'gunzip', 'gzip', 'head'],
  ...['hexdump', 'hostname', 'id', 'kill', 'ln', 'ls', 'md5sum', 'mkdir', 'mktemp', 'mv', 'nproc', 'od', 'printf'],
  ...['ps', 'pwd', 'readlink', 'realpath', 'rm', 'rmdir', 'sed', 'seq', 'sh', 'sha1sum', 'sha256sum', 'sha512sum'],
  ...['sleep', 'sort', 'stat', 'tail', 'tar', 'tee', 'test', 'timeout', 'touch', 'tr', 'true', 'uname', 'uniq'],
  ...['unzip', 'vi', 'wc', 'wget', 'which', 'whoami', 'xargs', 'xxd', 'xzcat', 'yes', 'zcat'],
]
