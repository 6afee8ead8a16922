# vSphere: an installer on an empty disk, or a clone of a template that has cloud-init. The machine is left switched off in
# vCenter, under the name below, for its owner to remove.

variable "vsphere_server" {
  type    = string
  default = null
}

variable "vsphere_username" {
  type      = string
  default   = null
  sensitive = true
}

variable "vsphere_password" {
  type      = string
  default   = null
  sensitive = true
}

variable "vsphere_insecure" {
  type        = bool
  default     = false
  description = "Takes any certificate of vCenter's."
}

variable "vsphere_host" {
  type    = string
  default = null
}

variable "vsphere_datastore" {
  type    = string
  default = null
}

variable "vsphere_network" {
  type    = string
  default = null
}

variable "vsphere_datacenter" {
  type    = string
  default = ""
}

variable "vsphere_folder" {
  type    = string
  default = ""
}

variable "vsphere_resource_pool" {
  type    = string
  default = ""
}

variable "vsphere_template" {
  type    = string
  default = null
}

source "vsphere-iso" "guest" {
  vcenter_server      = var.vsphere_server
  username            = var.vsphere_username
  password            = var.vsphere_password
  insecure_connection = var.vsphere_insecure
  datacenter          = var.vsphere_datacenter
  folder              = var.vsphere_folder
  host                = var.vsphere_host
  resource_pool       = var.vsphere_resource_pool
  datastore           = var.vsphere_datastore

  vm_name              = "dispatch-bake"
  guest_os_type        = var.guest_type
  firmware             = "bios"
  CPUs                 = 2
  RAM                  = 3072
  disk_controller_type = ["pvscsi"]
  storage {
    disk_size             = 10240
    disk_thin_provisioned = true
  }
  network_adapters {
    network      = var.vsphere_network
    network_card = "vmxnet3"
  }

  iso_url        = var.medium
  iso_checksum   = var.medium_checksum
  cd_files       = ["${var.seeds}/*"]
  cd_label       = "cidata"
  http_directory = var.seeds
  remove_cdrom   = true
  boot_wait      = "5s"
  boot_command   = var.boot_command

  ssh_username             = "root"
  ssh_private_key_file     = var.private_key
  ssh_file_transfer_method = "sftp"
  ssh_timeout              = "1h"
  shutdown_command         = "systemctl poweroff"
  shutdown_timeout         = "10m"
}

source "vsphere-clone" "guest" {
  vcenter_server      = var.vsphere_server
  username            = var.vsphere_username
  password            = var.vsphere_password
  insecure_connection = var.vsphere_insecure
  datacenter          = var.vsphere_datacenter
  folder              = var.vsphere_folder
  host                = var.vsphere_host
  resource_pool       = var.vsphere_resource_pool
  datastore           = var.vsphere_datastore

  template = var.vsphere_template
  vm_name  = "dispatch-bake"
  CPUs     = 2
  RAM      = 3072
  network  = var.vsphere_network
  # cloud-init's data source for VMware.
  configuration_parameters = {
    "guestinfo.userdata"          = base64encode(file("${var.seeds}/user-data"))
    "guestinfo.userdata.encoding" = "base64"
    "guestinfo.metadata"          = base64encode(file("${var.seeds}/meta-data"))
    "guestinfo.metadata.encoding" = "base64"
  }

  ssh_username             = "root"
  ssh_private_key_file     = var.private_key
  ssh_file_transfer_method = "sftp"
  ssh_timeout              = "30m"
  shutdown_command         = "systemctl poweroff"
  shutdown_timeout         = "10m"
}
