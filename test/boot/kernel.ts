/** The appliance's own kernel, taken out of the disk: for programs and firmware that cannot start it from there. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { root, rootUuid, sectorBytes } from '../../packer/layout.ts'
import type { Shell } from '../../packer/shell.ts'
import type { Kernel } from '../../packer/vm.ts'

export type Taking = {
  readonly shell: Shell
  readonly vmdk: string
  /** Gets the files; the raw copy of the disk needs room for what is on it, about 700 MB. */
  readonly dir: string
}

export type TakenKernel = Kernel & { readonly modules: string }

export async function takeKernel({ shell, vmdk, dir }: Taking): Promise<TakenKernel> {
  const raw = join(dir, 'disk.raw')
  await shell.run(['qemu-img', 'convert', '-f', 'vmdk', '-O', 'raw', vmdk, raw])
  const run = (request: string) =>
    shell.run(['debugfs', '-R', request, `${raw}?offset=${root.firstSector * sectorBytes}`])
  await run(`rdump /usr/lib/modules ${dir}`)
  const [version = ''] = await readdir(join(dir, 'modules'))
  const [kernel, initrd, menu] = [join(dir, 'vmlinuz'), join(dir, 'initrd.img'), join(dir, 'grub.cfg')]
  await run(`dump /boot/vmlinuz-${version} ${kernel}`)
  await run(`dump /boot/initrd.img-${version} ${initrd}`)
  await run(`dump /boot/grub/grub.cfg ${menu}`)
  const options = parseOptions(await readFile(menu, 'utf8'))
  return { kernel, initrd, options, modules: join(dir, 'modules', version) }
}

/** The kernel's command line, out of GRUB's menu. */
export function parseOptions(menu: string): string {
  const options = /^set options="(.*)"$/m.exec(menu)?.[1]
  if (!options) throw new Error("GRUB's menu has no line that sets the kernel's options")
  return options.replace('$root_uuid', rootUuid)
}
