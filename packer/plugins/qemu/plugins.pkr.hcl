# For Packer 1.7 and newer, where builders are plugins: `packer init packer/plugins/qemu` installs what this one needs.
# Apart from the template, because Packer 1.6 refuses the block below.

packer {
  required_plugins {
    qemu = {
      version = ">= 1.0.0"
      source  = "github.com/hashicorp/qemu"
    }
  }
}
