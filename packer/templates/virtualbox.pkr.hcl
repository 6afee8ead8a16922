# VirtualBox on this machine: an installer on an empty disk. The machine is gone after the bake; nothing is exported.

source "virtualbox-iso" "guest" {
  guest_os_type        = var.guest_type
  cpus                 = 2
  memory               = 3072
  disk_size            = 10240
  hard_drive_interface = "sata"
  headless             = true
  iso_url              = var.medium
  iso_checksum         = var.medium_checksum
  cd_files             = ["${var.seeds}/*"]
  cd_label             = "cidata"
  http_directory       = var.seeds
  guest_additions_mode = "disable"
  vboxmanage           = [["modifyvm", "{{ .Name }}", "--nictype1", "virtio"]]
  output_directory     = var.output_directory
  skip_export          = true
  boot_wait            = "5s"
  boot_command         = var.boot_command

  ssh_username             = "root"
  ssh_private_key_file     = var.private_key
  ssh_file_transfer_method = "sftp"
  ssh_timeout              = "1h"
  shutdown_command         = "systemctl poweroff"
  shutdown_timeout         = "10m"
}
