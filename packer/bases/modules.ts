/** Kernel modules and virtual machines: the same for every distribution that has a kernel for all of them. */

/** Controllers, disks and the root's file system. */
export const diskModules: readonly string[] = [
  ...['virtio_pci', 'virtio_blk', 'virtio_scsi', 'vmw_pvscsi', 'mptspi', 'mptsas', 'mptscsih', 'sym53c8xx'],
  ...['ahci', 'ata_piix', 'nvme', 'sd_mod', 'sr_mod', 'hv_storvsc', 'xen_blkfront', 'ext4'],
]

/** Keyboards, for a person at the console when the root is not found. */
export const keyboardModules: readonly string[] = [
  ...['hid_generic', 'usbhid', 'hv_vmbus', 'hid_hyperv', 'xhci_pci', 'ehci_pci', 'uhci_hcd', 'atkbd'],
]
