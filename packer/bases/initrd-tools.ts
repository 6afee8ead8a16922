/** Makers of initial ramdisks as data: their settings for a list of modules, and how they are run in a guest. */
export type InitrdTool = {
  /** Settings by path, from the root: a ramdisk of exactly these modules, whatever machine makes it. */
  readonly renderSettings: (modules: readonly string[]) => Readonly<Record<string, string>>
  /** A line of sh; `$kernel` is the kernel's release. */
  readonly build: string
}

export const initramfsTools: InitrdTool = {
  renderSettings: modules => ({
    '/etc/initramfs-tools/conf.d/appliance.conf': 'MODULES=list\nCOMPRESS=zstd\n',
    '/etc/initramfs-tools/modules': `${modules.join('\n')}\n`,
  }),
  build: 'update-initramfs -u -k "$kernel"',
}

export const dracut: InitrdTool = {
  renderSettings: modules => ({
    '/etc/dracut.conf.d/90-appliance.conf': [
      ...['hostonly="no"', 'hostonly_cmdline="no"', 'compress="zstd"'],
      ...[`drivers+=" ${modules.join(' ')} "`, 'filesystems+=" ext4 "', ''],
    ].join('\n'),
  }),
  build: 'dracut --force --no-hostonly "/boot/initrd.img-$kernel" "$kernel"',
}
