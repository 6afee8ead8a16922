/** Debian 13: the general kernel (drivers of every hypervisor), systemd, Docker; about 450 MB unpacked. */
import type { Base } from './base.ts'
import { initramfsTools } from './initrd-tools.ts'
import { diskModules, keyboardModules } from './modules.ts'
import { apt } from './package-tools.ts'
import { unusedModules } from './unused-modules.ts'

export const debian: Base = {
  name: 'debian',
  nameSuffix: '',
  suite: 'trixie',
  architecture: 'amd64',
  // 2026-01-01
  epoch: 1_767_225_600,
  packages: {
    init: [
      ...['systemd', 'systemd-sysv', 'systemd-resolved', 'systemd-timesyncd', 'systemd-repart'],
      ...['udev', 'dbus', 'libpam-systemd'],
    ],
    kernel: ['linux-image-amd64'],
    initrd: ['initramfs-tools', 'zstd'],
    system: ['kmod', 'e2fsprogs', 'fdisk', 'login', 'passwd'],
    docker: ['docker.io', 'docker-cli'],
    firewall: ['nftables'],
    network: ['iproute2'],
    hypervisor: ['open-vm-tools'],
    ssh: ['openssh-server'],
    certificates: ['ca-certificates'],
    shell: ['less', 'procps'],
  },
  packageTool: apt,
  initrdTool: initramfsTools,
  initrdModules: [...diskModules, 'crc32c_generic', 'libcrc32c', ...keyboardModules],
  removedModules: unusedModules,
  removedPackages: ['cloud-init', 'cloud-guest-utils', 'os-prober', 'installation-report', 'netplan.io'],
  removedPaths: [
    // Docker 26 runs containers by containerd-shim-runc-v2 alone, and ctr is containerd's debugging client.
    ...['usr/bin/ctr', 'usr/bin/containerd-shim', 'usr/bin/containerd-shim-runc-v1'],
    // Identity: made by openssh-server's installation, must differ on every machine.
    'etc/ssh/ssh_host_*',
    ...['var/lib/apt/lists/*', 'var/cache/apt/*.bin', 'var/cache/apt/archives/*.deb', 'var/cache/debconf/*-old'],
    ...['var/log/*', 'tmp/*', 'etc/hostname', 'etc/resolv.conf', 'var/lib/dpkg/*-old'],
  ],
  excludedPaths: [
    ...['/usr/share/man/*', '/usr/share/info/*', '/usr/share/locale/*', '/usr/share/doc/*', '/usr/share/lintian/*'],
    '/usr/share/bash-completion/*',
    // Names of the makers of cards, which udev puts into its database, in the initial ramdisk too, and nothing here reads.
    ...['OUI', 'acpi-vendor', 'bluetooth-vendor-product', 'pci-vendor-model', 'usb-vendor-model'].map(
      name => `/usr/lib/udev/hwdb.d/20-${name}.hwdb`,
    ),
  ],
  includedPaths: ['/usr/share/doc/*/copyright', '/usr/share/locale/locale.alias'],
  overlay: { files: {}, replacements: [] },
  hasTree: true,
  iso: {
    url: 'https://cdimage.debian.org/cdimage/archive/13.0.0/amd64/iso-cd/debian-13.0.0-amd64-netinst.iso',
    checksum: 'sha256:e363cae0f1f22ed73363d0bde50b4ca582cb2816185cf6eac28e93d9bb9e1504',
    answers: 'preseed',
    // Debian's installer looks for answers on no other disc than its own, so it fetches them from Packer.
    bootCommand: ['<esc><wait>', 'auto url=http://{{ .HTTPIP }}:{{ .HTTPPort }}/preseed.cfg priority=critical<enter>'],
  },
  sshUnit: 'ssh.service',
  guestTypes: { vsphere: 'debian12_64Guest', virtualbox: 'Debian_64' },
}
