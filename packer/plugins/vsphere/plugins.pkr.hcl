# For Packer 1.7 and newer, where builders are plugins: `packer init packer/plugins/vsphere` installs what this one needs.
# Apart from the template, because Packer 1.6 refuses the block below.

packer {
  required_plugins {
    vsphere = {
      version = ">= 1.0.0"
      source  = "github.com/vmware/vsphere"
    }
  }
}
