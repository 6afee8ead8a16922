/**
 * Modules of Debian's general kernel that no virtual machine loads: shell patterns below the kernel's `kernel/`.
 * What stays is every disk, network card, bus, screen and input device that a hypervisor offers, network
 * cards of Intel as passed through, firewall, tunnels, device mapper, and the file systems of disks and shares one attaches.
 */
type Removal = { readonly why: string; readonly paths: readonly string[] }

const removals: readonly Removal[] = [
  {
    why: "sound, cameras, screens and sensors: the console is the firmware's or VGA's, whose drivers are built in",
    paths: [
      ...below('', 'sound/*'),
      ...below('drivers', 'accel/* accessibility/* gpu/* hwmon/* iio/* leds/* media/* soundwire/* video/backlight/*'),
      ...below('drivers', 'base/regmap/regmap-sdw* mfd/cs42*'),
      ...below('drivers/video/fbdev', 'arcfb* arkfb* aty/* cyber* hecuba* kyro/* matrox/* mb862xx/* n411* neo* pm*'),
      ...below('drivers/video/fbdev', 's3* savage/* sis/* smscufx* sst* tdfx* trident* via/* vt8623*'),
    ],
  },
  {
    why: 'radio and field buses: no hypervisor has an antenna',
    paths: [
      ...below(
        'net',
        '6lowpan/* bluetooth/* can/* ieee802154/* mac80211/* mac802154/* nfc/* qrtr/* rfkill/* wireless/*',
      ),
      ...below('drivers', 'bluetooth/* nfc/*'),
      ...below('drivers/net', 'can/* hamradio/* ieee802154/* wireless/* wwan/*'),
    ],
  },
  {
    why: 'networks of other times and other fabrics, and adapters at USB',
    paths: [
      ...below('net', 'appletalk/* atm/* ax25/* batman-adv/* dccp/* hsr/* kcm/* lapb/* netrom/* phonet/* rds/* rose/*'),
      ...below('net', 'rxrpc/* smc/* tipc/*'),
      ...below('drivers', 'atm/* infiniband/* isdn/* nvme/host/nvme-rdma*'),
      ...below('net', '9p/9pnet_rdma* sunrpc/xprtrdma/*'),
      ...below('drivers/net', 'arcnet/* dsa/* fddi/* fjes/* hippi/* plip/* thunderbolt/* usb/* wan/* xen-netback/*'),
    ],
  },
  {
    why: 'network cards of physical machines, which no hypervisor emulates',
    paths: [
      ...below('drivers/net/ethernet', '3com/* adaptec/* agere/* alteon/* amd/amd8111e* amd/nmclan* amd/xgbe/*'),
      ...below(
        'drivers/net/ethernet',
        '8390/*_cs* aquantia/* atheros/* broadcom/* brocade/* cavium/* chelsio/* cisco/*',
      ),
      ...below('drivers/net/ethernet', 'dlink/* emulex/* fujitsu/* huawei/* jme* marvell/* mellanox/* micrel/*'),
      ...below('drivers/net/ethernet', 'microchip/* myricom/* natsemi/* neterion/* netronome/* nvidia/*'),
      ...below(
        'drivers/net/ethernet',
        'packetengines/* pensando/* qlogic/* rdc/* sfc/* silan/* sis/* smsc/* stmicro/*',
      ),
      ...below('drivers/net/ethernet', 'sun/* tehuti/* ti/* xircom/*'),
      ...below('drivers/net/phy', 'aquantia/* qcom/*'),
    ],
  },
  {
    why: 'disk controllers of physical machines; QEMU, VirtualBox, VMware, Hyper-V and Xen emulate the ones that stay',
    paths: [
      ...below(
        'drivers/scsi',
        '3w-* a100u2w* aacraid/* advansys* aic7xxx/* aic94xx/* arcmsr/* atp870u* be2iscsi/* bfa/*',
      ),
      ...below('drivers/scsi', 'bnx2* ch.* csiostor/* cxgbi/* dc395x* dmx3191d* esas2r/* fcoe/* fnic/* hpsa* hptiop*'),
      ...below(
        'drivers/scsi',
        'initio* ipr* ips* isci/* libfc/* libsas/* lpfc/* mpi3mr/* mpt3sas/* mvsas/* mvumi* myr*',
      ),
      ...below('drivers/scsi', 'pcmcia/* pm8001/* pmcraid* qed* qla* scsi_debug* smartpqi/* snic/* stex* wd719x*'),
      ...below(
        'drivers',
        'ata/pata_[b-z]* ata/pdc_adma* ata/sata_* block/drbd/* block/mtip32xx/* nvme/target/* target/*',
      ),
    ],
  },
  {
    why: 'keyboards, mice, pads, pens and game controllers beyond the standard ones, which hypervisors offer',
    paths: [
      ...below('drivers/hid', 'amd-sfh-hid/* hid-[a-fi-z]* hid-google* i2c-hid/* intel-ish-hid/* surface-hid/* wacom*'),
      ...below('drivers/input', 'gameport/* joystick/* keyboard/[a-fh-z]* misc/[a-oq-t]* misc/y* mouse/[a-oq-z]*'),
      ...below('drivers/input', 'rmi4/* tablet/* touchscreen/*'),
    ],
  },
  {
    why: 'boards, batteries and buses of laptops, telephones, racks and workshops',
    paths: [
      ...below('drivers', 'acpi/video* android/* bcma/* comedi/* cxl/* edac/* extcon/* firewire/* gpio/gpio-ljca*'),
      ...below(
        'drivers',
        'hwtracing/* i2c/busses/i2c-ljca* md/bcache/* md/dm-vdo/* memstick/* mmc/* mtd/* parport/*_cs*',
      ),
      ...below('drivers', 'pcmcia/* platform/* power/* powercap/intel_rapl_tpmi* rtc/rtc-wilco* slimbus/* soc/* ssb/*'),
      ...below(
        'drivers',
        'spi/spi-ljca* staging/* tee/* thermal/intel/int340x_thermal/* thunderbolt/* tty/ipwireless/*',
      ),
      ...below('drivers', 'ptp/ptp_ocp* tty/serial/8250/serial_cs* ufs/* w1/* watchdog/mei*'),
      ...below('drivers/crypto', 'ccp/* chelsio/* intel/*'),
      ...below('drivers/misc', 'altera-stapl/* c2port/* cardreader/* cb710/* eeprom/* lis3lv02d/* mei/*'),
      ...below('drivers/usb', 'atm/* dwc3/* gadget/* host/sl811* image/* misc/* roles/* serial/* typec/* usbip/*'),
    ],
  },
  {
    why: 'virtual machines inside this one: it runs containers',
    paths: [
      ...below('', 'arch/x86/kvm/*'),
      ...below(
        'drivers',
        'vdpa/* vfio/* vhost/vhost_vdpa* vhost/vhost_scsi* virt/nitro_enclaves/* virtio/virtio_vdpa* xen/xen-scsiback*',
      ),
    ],
  },
  {
    why: 'file systems of other operating systems, of bare flash and of clusters; files served by the kernel',
    paths: [
      ...below(
        'fs',
        'adfs/* affs/* afs/* bcachefs/* befs/* bfs/* ceph/* coda/* dlm/* ecryptfs/* efs/* f2fs/* freevxfs/*',
      ),
      ...below('fs', 'gfs2/* hfs/* hfsplus/* hpfs/* jffs2/* jfs/* minix/* nfsd/* nilfs2/* ntfs3/* ocfs2/* omfs/*'),
      ...below('fs', 'orangefs/* qnx4/* qnx6/* reiserfs/* romfs/* smb/server/* sysv/* ubifs/* ufs/* zonefs/*'),
      ...below('', 'net/ceph/* drivers/block/rbd* drivers/md/md-cluster*'),
    ],
  },
]

/** Every pattern, for `rm -rf`. */
export const unusedModules: readonly string[] = removals.flatMap(({ paths }) => paths)

function below(folder: string, names: string): string[] {
  return names.split(' ').map(name => (folder === '' ? name : `${folder}/${name}`))
}
