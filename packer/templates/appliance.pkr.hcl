# Provisions the appliance inside a running guest, over SSH, wherever that guest runs: the sources are in the other files
# of this folder, and `-only` takes one. What leaves the guest is a tar of its root.
# Valid for every Packer from 1.6.6 on; where plugins are apart, the folders of ../plugins name them.

packer {
  required_version = ">= 1.6.6"
}

variable "payload" {
  type        = string
  description = "File with the tar to install, on this machine."
}

variable "sealed" {
  type        = string
  description = "File on this machine that gets the guest's tree as a tar."
}

variable "private_key" {
  type        = string
  description = "This bake's own SSH key. It is the only way into the guest, which has no password."
}

variable "output_directory" {
  type = string
}

variable "scripts" {
  type        = list(string)
  description = "Run in the guest, in this order."
}

variable "environment" {
  type        = list(string)
  description = "Of the scripts: where the guest finds the payload, and where it puts its tree."
}

variable "medium" {
  type        = string
  default     = null
  description = "Disk, cloud image or installation medium that the guest starts from: a path or an address."
}

variable "medium_checksum" {
  type        = string
  default     = null
  description = "sha256:<hex>, sha512:<hex> or file:<address of a list>."
}

variable "boot_command" {
  type        = list(string)
  default     = []
  description = "What is typed at an installer's boot loader."
}

variable "seeds" {
  type        = string
  default     = null
  description = "Folder of the answers for an installer or for cloud-init."
}

variable "guest_type" {
  type        = string
  default     = null
  description = "What the hypervisor calls the distribution."
}

build {
  sources = [
    "source.qemu.disk",
    "source.qemu.installer",
    "source.vsphere-iso.guest",
    "source.vsphere-clone.guest",
    "source.virtualbox-iso.guest",
  ]

  # Where a guest has disks for payload and tree, they need not go over SSH.
  provisioner "file" {
    except      = ["qemu.disk"]
    source      = var.payload
    destination = "/var/tmp/payload.tar"
  }

  provisioner "shell" {
    environment_vars = var.environment
    scripts          = var.scripts
  }

  provisioner "file" {
    except      = ["qemu.disk"]
    direction   = "download"
    source      = "/var/tmp/sealed.tar"
    destination = var.sealed
  }
}
