/** That every initial ramdisk of a tree holds the modules that it was asked for: its makers pass over one in silence. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { listCpio } from './cpio.ts'

/** `usr/lib/modules/6.12/kernel/drivers/usb/host/xhci-pci.ko.xz` is xhci_pci: the kernel takes both signs for one. */
function nameModule(path: string): string | undefined {
  return /([^/]+)\.ko(\.[a-z]+)?$/.exec(path)?.[1]?.replaceAll('-', '_')
}

const nameModules = (paths: readonly string[]): string[] => paths.flatMap(path => nameModule(path) ?? [])

/** @param builtin the kernel's modules.builtin: what is in the kernel itself needs no file */
export function findMissing(wanted: readonly string[], image: Buffer, builtin: string): string[] {
  const found = new Set([...nameModules(listCpio(image)), ...nameModules(builtin.split('\n'))])
  return wanted.filter(name => !found.has(name))
}

const prefix = 'initrd.img-'

/** Rejects with what is missing from which ramdisk. */
export async function checkInitrds(treeDir: string, wanted: readonly string[]): Promise<void> {
  if (wanted.length === 0) return
  const boot = join(treeDir, 'boot')
  const images = (await readdir(boot).catch(() => [])).filter(name => name.startsWith(prefix))
  if (images.length === 0) throw new Error(`The tree has no /boot/${prefix}*: no kernel of it finds its root`)
  for (const name of images) {
    const modules = join(treeDir, 'usr/lib/modules', name.slice(prefix.length))
    const builtin = await readFile(join(modules, 'modules.builtin'), 'utf8')
    const missing = findMissing(wanted, await readFile(join(boot, name)), builtin)
    if (missing.length === 0) continue
    const advice = 'see initrdModules of the base (packer/bases) and what the kernel calls them'
    throw new Error(`/boot/${name} lacks modules that the appliance must start with: ${missing.join(', ')}; ${advice}`)
  }
}
