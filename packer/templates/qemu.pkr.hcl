# QEMU on this machine: a disk that boots (our own base, or a cloud image), or an installer on an empty disk.

variable "accelerator" {
  type        = string
  default     = "tcg"
  description = "kvm, or tcg where the machine has no usable KVM."
}

variable "qemu_devices" {
  type        = list(list(string))
  default     = []
  description = "More arguments for QEMU: how a guest that boots from a disk is let in."
}

variable "serial_log" {
  type    = string
  default = null
}

# Two raw disks carry the bulk: `payload` (a tar to install) goes in, `sealed` (a tar of the finished root) comes out.
source "qemu" "disk" {
  accelerator      = var.accelerator
  machine_type     = "q35"
  cpus             = 2
  memory           = 3072
  headless         = true
  disk_image       = true
  iso_url          = var.medium
  iso_checksum     = var.medium_checksum
  format           = "qcow2"
  disk_size        = "10G"
  skip_compaction  = true
  output_directory = var.output_directory
  vm_name          = "appliance.qcow2"
  boot_wait        = "1s"
  net_device       = "virtio-net"

  ssh_username         = "root"
  ssh_private_key_file = var.private_key
  ssh_timeout          = "15m"
  shutdown_command     = "systemctl poweroff"
  shutdown_timeout     = "10m"

  # Naming -device and -drive replaces the builder's own, so its network card and disk are repeated here.
  qemuargs = concat(var.qemu_devices, [
    ["-cpu", "max"],
    ["-serial", "file:${var.serial_log}"],
    ["-drive", "if=none,id=root,format=qcow2,cache=unsafe,file={{ .OutputDir }}/{{ .Name }}"],
    ["-device", "virtio-blk-pci,drive=root,bootindex=0"],
    ["-device", "virtio-net,netdev=user.0"],
    ["-blockdev", "node-name=payload,driver=raw,read-only=on,file.driver=file,file.filename=${var.payload}"],
    ["-device", "virtio-blk-pci,drive=payload,serial=payload"],
    ["-blockdev", "node-name=sealed,driver=raw,file.driver=file,file.filename=${var.sealed}"],
    ["-device", "virtio-blk-pci,drive=sealed,serial=sealed"],
  ])
}

source "qemu" "installer" {
  accelerator      = var.accelerator
  machine_type     = "q35"
  cpus             = 2
  memory           = 3072
  headless         = true
  iso_url          = var.medium
  iso_checksum     = var.medium_checksum
  cd_files         = ["${var.seeds}/*"]
  cd_label         = "cidata"
  http_directory   = var.seeds
  format           = "qcow2"
  disk_size        = "10G"
  disk_interface   = "virtio-scsi"
  disk_cache       = "unsafe"
  skip_compaction  = true
  output_directory = var.output_directory
  vm_name          = "appliance.qcow2"
  boot_wait        = "5s"
  boot_command     = var.boot_command
  net_device       = "virtio-net"

  ssh_username             = "root"
  ssh_private_key_file     = var.private_key
  ssh_file_transfer_method = "sftp"
  ssh_timeout              = "3h"
  shutdown_command         = "systemctl poweroff"
  shutdown_timeout         = "10m"

  qemuargs = [
    ["-cpu", "max"],
    ["-serial", "file:${var.serial_log}"],
  ]
}
