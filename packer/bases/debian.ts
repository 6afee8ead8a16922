/** Debian 13: the general kernel (drivers of every hypervisor), systemd, Docker; about 450 MB unpacked. */
import type { Base } from './base.ts'

export const debian: Base = {
  name: 'debian',
  suite: 'trixie',
  architecture: 'amd64',
  // 2026-01-01
  epoch: 1_767_225_600,
  packages: [
    ...['systemd', 'systemd-sysv', 'systemd-resolved', 'systemd-timesyncd', 'udev', 'dbus', 'libpam-systemd'],
    ...['linux-image-amd64', 'initramfs-tools', 'zstd', 'kmod', 'e2fsprogs', 'fdisk', 'login', 'passwd'],
    ...['docker.io', 'docker-cli', 'nftables', 'iproute2', 'open-vm-tools', 'openssh-server', 'ca-certificates'],
    ...['less', 'procps'],
  ],
  initrdModules: [
    ...['virtio_pci', 'virtio_blk', 'virtio_scsi', 'vmw_pvscsi', 'mptspi', 'mptsas', 'mptscsih', 'sym53c8xx'],
    ...['ahci', 'ata_piix', 'nvme', 'sd_mod', 'sr_mod', 'hv_storvsc', 'xen_blkfront', 'ext4', 'crc32c_generic'],
    ...['libcrc32c', 'hid_generic', 'usbhid', 'hv_vmbus', 'hid_hyperv', 'xhci_pci', 'ehci_pci', 'uhci_hcd', 'atkbd'],
  ],
  removedModules: [
    ...['sound', 'net/wireless', 'net/mac80211', 'net/bluetooth', 'fs/ocfs2', 'fs/gfs2'],
    ...['accel', 'bluetooth', 'comedi', 'gpu', 'hwmon', 'iio', 'infiniband', 'isdn', 'leds', 'media', 'mtd'].map(
      driver,
    ),
    ...['staging', 'target', 'usb/gadget', 'net/wireless', 'net/can', 'net/dsa'].map(driver),
    ...['broadcom', 'chelsio', 'mellanox', 'netronome', 'qlogic'].map(vendor => driver(`net/ethernet/${vendor}`)),
  ],
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
  ],
  includedPaths: ['/usr/share/doc/*/copyright', '/usr/share/locale/locale.alias'],
}

function driver(folder: string): string {
  return `drivers/${folder}`
}
