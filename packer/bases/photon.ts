/** Photon OS 5: the base of the original Dispatch Solo (2.0 then), by its installer and kickstart. */
import type { Base } from './base.ts'
import { debian } from './debian.ts'
import { dracut } from './initrd-tools.ts'
import { diskModules, keyboardModules } from './modules.ts'
import { tdnf } from './package-tools.ts'
import { unusedModules } from './unused-modules.ts'

export const photon: Base = {
  name: 'photon',
  nameSuffix: '-photon',
  suite: '5.0',
  architecture: 'amd64',
  epoch: debian.epoch,
  packages: {
    // Resolved and timesyncd are in systemd.
    init: ['systemd', 'systemd-udev', 'systemd-pam', 'dbus'],
    // Not linux-esx, which knows VMware's devices alone.
    kernel: ['linux'],
    initrd: ['dracut', 'zstd'],
    system: ['kmod', 'e2fsprogs', 'util-linux', 'shadow'],
    docker: ['docker', 'docker-cli'],
    firewall: ['nftables'],
    network: ['iproute2'],
    hypervisor: ['open-vm-tools'],
    ssh: ['openssh-server'],
    certificates: ['ca-certificates'],
    shell: ['less', 'procps-ng'],
  },
  packageTool: tdnf,
  initrdTool: dracut,
  initrdModules: [...diskModules, ...keyboardModules],
  removedModules: unusedModules,
  removedPackages: ['cloud-init', 'cloud-utils', 'vim', 'linux-docs', 'linux-devel'],
  removedPaths: [
    ...['usr/bin/ctr', 'usr/bin/containerd-shim', 'usr/bin/containerd-shim-runc-v1', 'etc/ssh/ssh_host_*'],
    ...['var/cache/tdnf/*', 'root/anaconda-ks.cfg'],
    // The installer's own firewall.
    ...['etc/systemd/scripts/ip4save', 'etc/systemd/scripts/ip6save'],
    ...['var/log/*', 'tmp/*', 'etc/hostname', 'etc/resolv.conf'],
  ],
  excludedPaths: [
    ...['/usr/share/man/*', '/usr/share/info/*', '/usr/share/locale/*', '/usr/share/doc/*'],
    '/usr/share/bash-completion/*',
  ],
  includedPaths: ['/usr/share/doc/*/COPYING*', '/usr/share/doc/*/LICENSE*', '/usr/share/locale/locale.alias'],
  overlay: {
    files: {
      // Presets are read in the order of their names, and the overlay's ends with `disable *`.
      'etc/systemd/system-preset/05-base.preset': 'enable vmtoolsd.service\nenable vgauthd.service\n',
      // Photon's unit reads /etc/sysconfig/nftables.conf.
      'etc/systemd/system/nftables.service.d/05-base.conf': [
        ...['[Service]', 'ExecStart=', 'ExecStart=/usr/sbin/nft -f /etc/nftables.conf'],
        ...['ExecReload=', 'ExecReload=/usr/sbin/nft -f /etc/nftables.conf', ''],
      ].join('\n'),
    },
    // The mark of a locked account came with systemd 257; Photon 5 has 253.
    replacements: [
      { path: 'usr/lib/sysusers.d/dispatch.conf', text: 'u! dispatch', by: 'u dispatch' },
      { path: 'usr/lib/sysusers.d/dispatch-appliance.conf', text: 'u! dispatch', by: 'u dispatch' },
    ],
  },
  hasTree: false,
  iso: {
    url: 'https://packages.broadcom.com/photon/5.0/GA/iso/photon-minimal-5.0-dde71ec57.x86_64.iso',
    checksum:
      'sha512:85cddaa8da26c095cf55d3f22f0838ad5d9ae73aa476d0c5c8e54bfbfcb432deaf940733c2cb5af14d1e5b133da65c17f3f4e215bf381d5b8b411d548b66a463',
    answers: 'kickstart',
    bootCommand: [
      '<esc><wait>',
      'vmlinuz initrd=initrd.img root=/dev/ram0 loglevel=3 photon.media=cdrom ks=/dev/sr1:/ks.json<enter>',
    ],
  },
  sshUnit: 'sshd.service',
  guestTypes: { vsphere: 'vmwarePhoton64Guest', virtualbox: 'Linux26_64' },
}
