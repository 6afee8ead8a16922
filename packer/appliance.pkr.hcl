# Boots the base disk in QEMU and provisions the appliance inside the running guest, over SSH.
# Two raw disks carry the bulk: `payload` (a tar to install) goes in, `sealed` (a tar of the finished root) comes out.
# Valid for every Packer from 1.6.6 on; where plugins are apart, plugins/plugins.pkr.hcl names them.

packer {
  required_version = ">= 1.6.6"
}

variable "accelerator" {
  type        = string
  description = "kvm, or tcg where the machine has no usable KVM."
}

variable "base_image" {
  type        = string
  description = "The base disk, qcow2."
}

variable "base_checksum" {
  type        = string
  description = "sha256:<hex> of the base disk."
}

variable "payload" {
  type        = string
  description = "Raw file with the tar to install."
}

variable "sealed" {
  type        = string
  description = "Raw file that the guest writes the finished tree to."
}

variable "private_key" {
  type        = string
  description = "This bake's own SSH key; the guest knows its public half by a credential, never by its disk."
}

variable "credentials" {
  type        = list(string)
  description = "systemd credentials for the guest, as QEMU's -smbios takes them."
}

variable "output_directory" {
  type = string
}

variable "serial_log" {
  type = string
}

source "qemu" "appliance" {
  accelerator      = var.accelerator
  machine_type     = "q35"
  cpus             = 2
  memory           = 3072
  headless         = true
  disk_image       = true
  iso_url          = var.base_image
  iso_checksum     = var.base_checksum
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
  qemuargs = concat([for credential in var.credentials : ["-smbios", credential]], [
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

build {
  sources = ["source.qemu.appliance"]

  provisioner "shell" {
    scripts = ["${path.root}/guest/install.sh", "${path.root}/guest/prove.sh", "${path.root}/guest/hand-over.sh"]
  }
}
