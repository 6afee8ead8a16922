// @ts-check
/** Debian packages that the scripts need, as a table that `setup.mjs` installs from. */

/**
 * Debian packages, why, and for which purposes. `unless` is a command that makes them unnecessary wherever it comes
 * from; `splitOff` marks a package that only newer releases have apart from the one before it.
 */
const groups = [
  { install: 'docker.io', unless: 'dockerd', for: 'start test', why: 'Docker, which runs the functions' },
  { install: 'docker-cli', unless: 'docker', for: 'start test', why: 'the docker command', splitOff: true },
  { install: 'debian-archive-keyring', for: 'runtimes start test ova', why: 'keys that check packages in images' },
  { install: 'iproute2 iptables nftables', for: 'test', why: 'networks that tests make for themselves' },
  { install: 'docker-registry pebble', for: 'test', why: 'a registry of images, an authority of certificates' },
  { install: 'python3', unless: 'python3', for: 'unit test', why: 'Python, on which the runtime is tested' },
  { install: 'minisign openssl', for: 'unit test', why: 'programs that sign and make keys' },
  { install: 'chromium', unless: 'chromium', for: 'test', why: 'Chromium, which calls functions from pages' },
  { install: 'openssh-server', unless: 'sshd', for: 'test', why: 'sshd, which checks its own settings' },
  { install: 'tmux', unless: 'tmux', for: 'test', why: 'tmux, a terminal that tests type into' },
  { install: 'systemd', for: 'test ova', why: 'systemd-analyze, which checks units' },
  { install: 'packer', unless: 'packer', for: 'test ova', why: 'Packer, which provisions the appliance' },
  { install: 'genisoimage', for: 'unit test ova', why: 'discs with answers for installers, and with values' },
  { install: 'qemu-utils openssh-client', for: 'test ova boot', why: 'qemu-img, and ssh-keygen for a bake' },
  { install: 'qemu-system-x86', for: 'ova boot', why: 'QEMU, which runs the appliance' },
  { install: 'ovmf xz-utils', for: 'boot', why: 'UEFI firmware for boots, and xz, which looks into it' },
  { install: 'pigz', unless: 'pigz', for: 'bench', why: 'pigz, against which the OVA writer is measured' },
  { install: 'virt-v2v nbdkit libnbd-bin', for: 'matrix', why: 'virt-v2v, which reads an OVA by its own rules' },
  { install: 'mmdebstrap zstd gdisk e2fsprogs mtools binutils', for: 'ova', why: "the appliance's tree and disk" },
  { install: 'grub-pc-bin grub-efi-amd64-bin grub-common', for: 'ova', why: 'boot loaders for BIOS and UEFI' },
].map(group => ({ ...group, packages: group.install.split(' ') }))

/** @param {string} purpose */
export const groupsFor = purpose => groups.filter(group => purpose === 'all' || group.for.split(' ').includes(purpose))

/** @param {string} name */
export const isOptional = name => groups.some(group => group.splitOff === true && group.packages.includes(name))
