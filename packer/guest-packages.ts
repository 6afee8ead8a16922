/** Makes a guest of somebody else's image or installer what mmdebstrap makes of a tree: the same packages, no more. */
import { type Base, listPackages } from './bases/base.ts'

/** A script for sh, run in the guest as root before anything of ours is installed. */
export function planGuestPackages(base: Base): string {
  const { packageTool: tool, initrdTool } = base
  return [
    '#!/bin/sh',
    `# Generated from packer/bases/${base.name}.ts: packages, kernel, initial ramdisk; nothing that is not shipped.`,
    'set -eu',
    'kernel=$(uname -r)',
    tool.refresh,
    `${tool.install} ${listPackages(base, 'kernel').join(' ')}`,
    `for package in ${base.removedPackages.join(' ')}; do`,
    `  if ${tool.isInstalled} "$package" > /dev/null 2>&1; then ${tool.remove} "$package"; fi`,
    'done',
    ...planKernel(base),
    ...Object.entries(initrdTool.renderSettings(base.initrdModules)).flatMap(([path, text]) => planFile(path, text)),
    initrdTool.build,
    tool.clean,
    ...planRemovals(base),
    ...accounts,
    '',
  ].join('\n')
}

/**
 * The guest keeps the kernel that it runs: Docker loads modules of it at once. `/boot` becomes a folder of the root, and
 * the boot menu's two links name what is in it.
 */
function planKernel({ removedModules, initrdModules }: Base): string[] {
  return [
    'for place in /boot/efi /boot/firmware; do ! mountpoint -q "$place" || umount "$place"; done',
    'if mountpoint -q /boot; then',
    '  cp -a /boot /boot.root && umount /boot && rmdir /boot && mv /boot.root /boot',
    'fi',
    'rm -rf /boot/efi /boot/grub /boot/grub2 /boot/loader /boot/lost+found',
    'find /usr/lib/modules -mindepth 1 -maxdepth 1 ! -name "$kernel" -exec rm -rf {} +',
    'find /boot -mindepth 1 -maxdepth 1 ! -name "*-$kernel*" -exec rm -rf {} +',
    `(cd "/usr/lib/modules/$kernel/kernel" && rm -rf ${removedModules.join(' ')})`,
    'depmod "$kernel"',
    `for module in ${initrdModules.join(' ')}; do`,
    '  modinfo "$module" > /dev/null 2>&1 || echo "The kernel $kernel has no module $module."',
    'done',
    'ln -sf "boot/vmlinuz-$kernel" /vmlinuz',
    'ln -sf "boot/initrd.img-$kernel" /initrd.img',
  ]
}

/** The end mark is a word that no settings hold. */
function planFile(path: string, text: string): string[] {
  return [`mkdir -p "$(dirname ${path})"`, `cat > ${path} <<'END-OF-FILE'`, text.replace(/\n$/, ''), 'END-OF-FILE']
}

/** Settings that installers and cloud-init made for their own disk, network and users. */
const leftByOthers: readonly string[] = [
  ...['etc/fstab', 'swap.img', 'swapfile', 'etc/network', 'etc/netplan', 'etc/cloud', 'var/lib/cloud'],
  ...['etc/systemd/network/*', 'etc/systemd/system/network-online.target.wants'],
  ...['etc/sudoers.d/90-cloud-init-users', 'etc/ssh/sshd_config.d/50-cloud-init.conf'],
]

/** This script's own folder and the guest's SSH server are in use; sealing drops both. */
const neededYet: ReadonlySet<string> = new Set(['tmp/*', 'etc/ssh/ssh_host_*'])

function planRemovals({ excludedPaths, includedPaths, removedPaths }: Base): string[] {
  const anyOf = (paths: readonly string[]) => paths.map(path => `-path '${path}'`).join(' -o ')
  return [
    `find /usr/share ! -type d \\( ${anyOf(excludedPaths)} \\) ! \\( ${anyOf(includedPaths)} \\) -delete`,
    `cd / && rm -rf ${[...removedPaths, ...leftByOthers].filter(path => !neededYet.has(path)).join(' ')}`,
  ]
}

/** What an installer or cloud-init made: nobody but root stays, and root has no password. The key goes at sealing. */
const accounts: readonly string[] = [
  'for user in $(awk -F: \'$3 >= 1000 && $3 < 60000 { print $1 }\' /etc/passwd); do userdel --remove "$user"; done',
  "usermod --password '*' root",
]
