/** Ubuntu 26.04 LTS: Canonical's cloud image for QEMU, its server's installer for other builders. */
import type { Base } from './base.ts'
import { debian } from './debian.ts'
import { dracut } from './initrd-tools.ts'
import { diskModules, keyboardModules } from './modules.ts'
import { apt } from './package-tools.ts'
import { unusedModules } from './unused-modules.ts'

const images = 'https://cloud-images.ubuntu.com/releases/26.04/release'

export const ubuntu: Base = {
  name: 'ubuntu',
  nameSuffix: '-ubuntu',
  suite: 'resolute',
  architecture: 'amd64',
  epoch: debian.epoch,
  packages: {
    init: debian.packages.init,
    // The image's own, `linux-image-virtual`; the installer's, `linux-generic`.
    kernel: [],
    initrd: ['dracut', 'zstd'],
    system: debian.packages.system,
    // Its client is in it.
    docker: ['docker.io'],
    firewall: debian.packages.firewall,
    network: debian.packages.network,
    hypervisor: debian.packages.hypervisor,
    ssh: debian.packages.ssh,
    certificates: debian.packages.certificates,
    shell: debian.packages.shell,
  },
  packageTool: apt,
  initrdTool: dracut,
  initrdModules: [...diskModules, ...keyboardModules],
  removedModules: unusedModules,
  removedPackages: [
    ...['cloud-init', 'cloud-guest-utils', 'cloud-initramfs-copymods', 'cloud-initramfs-dyn-netconf', 'snapd'],
    ...['netplan.io', 'networkd-dispatcher', 'unattended-upgrades', 'update-notifier-common', 'ubuntu-pro-client'],
    ...['apport', 'apport-core-dump-handler', 'multipath-tools', 'open-iscsi', 'lvm2', 'mdadm', 'modemmanager'],
    ...['fwupd', 'packagekit', 'pollinate', 'landscape-common', 'motd-news-config', 'plymouth', 'chrony', 'ufw'],
    'udisks2',
  ],
  removedPaths: [
    ...debian.removedPaths,
    ...['var/snap', 'snap', 'var/lib/snapd', 'var/crash', 'var/lib/update-notifier'],
  ],
  excludedPaths: debian.excludedPaths,
  includedPaths: debian.includedPaths,
  overlay: { files: {}, replacements: [] },
  hasTree: false,
  image: { url: `${images}/ubuntu-26.04-server-cloudimg-amd64.img`, checksum: `file:${images}/SHA256SUMS` },
  iso: {
    url: 'https://releases.ubuntu.com/26.04.1/ubuntu-26.04.1-live-server-amd64.iso',
    checksum: 'sha256:cc8a95cde20f6ced61a322420de00f10cc3c90ced545daa46cb9c1a117f1d927',
    answers: 'autoinstall',
    // cloud-init finds the second disc by its label.
    bootCommand: [
      ...['c<wait>', 'linux /casper/vmlinuz --- autoinstall ds=nocloud<enter><wait>'],
      ...['initrd /casper/initrd<enter><wait>', 'boot<enter>'],
    ],
  },
  sshUnit: 'ssh.service',
  guestTypes: { vsphere: 'ubuntu64Guest', virtualbox: 'Ubuntu_64' },
}
