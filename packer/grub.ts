/** GRUB put on a disk by hand, for BIOS and UEFI: no loop device, no grub-install. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { biosBoot, rootUuid, sectorBytes } from './layout.ts'
import type { Command } from './shell.ts'

const modulesBios = ['biosdisk', 'part_gpt', 'ext2', 'search', 'search_fs_uuid', 'normal', 'configfile', 'linux']
const modulesCommon = ['echo', 'test', 'serial', 'terminal', 'gzio', 'all_video', 'reboot', 'halt']
const modulesEfi = ['part_gpt', 'fat', ...modulesBios.filter(name => name !== 'biosdisk' && name !== 'part_gpt')]

/** What GRUB runs first; `root_uuid` is for `/boot/grub/grub.cfg`, which so needs no identifier of its own. */
export const earlyConfig = [
  `search.fs_uuid ${rootUuid} root`,
  'set prefix=($root)/boot/grub',
  `set root_uuid=${rootUuid}`,
  'export root_uuid',
  '',
].join('\n')

export function planGrubImages(dir: string): { bios: Command; efi: Command } {
  const config = join(dir, 'early.cfg')
  const image = (format: string, file: string) => [
    ...['grub-mkimage', '-O', format, '-c', config, '-p', '/boot/grub', '-o', join(dir, file)],
  ]
  return {
    bios: [...image('i386-pc', 'core.img'), ...modulesBios, ...modulesCommon],
    efi: [...image('x86_64-efi', 'BOOTX64.EFI'), ...modulesEfi, ...modulesCommon],
  }
}

/**
 * The first sector's boot code: GRUB's boot.img, told where core.img begins (offset 0x5c), with the jump around its
 * floppy check (0x66) made empty. 440 bytes, so that the partition table after it stays.
 */
export function renderBootCode(bootImage: Buffer, coreSector: number): Buffer {
  const code = Buffer.from(bootImage.subarray(0, 440))
  code.writeBigUInt64LE(BigInt(coreSector), 0x5c)
  code.fill(0x90, 0x66, 0x68)
  return code
}

/** core.img, whose first sector loads the rest: block list at offset 500 {u64 sector, u16 count, u16 segment}. */
export function renderCore(coreImage: Buffer, coreSector: number): Buffer {
  const sectors = Math.ceil(coreImage.length / sectorBytes)
  const core = Buffer.alloc(sectors * sectorBytes)
  coreImage.copy(core)
  core.writeBigUInt64LE(BigInt(coreSector + 1), 500)
  core.writeUInt16LE(sectors - 1, 508)
  core.writeUInt16LE(0x820, 510)
  return core
}

/** Writes both into files beside the images; `dd` puts them on the disk. */
export async function writeBootFiles(dir: string, grubDir: string): Promise<void> {
  const boot = await readFile(join(grubDir, 'i386-pc', 'boot.img'))
  const core = renderCore(await readFile(join(dir, 'core.img')), biosBoot.firstSector)
  if (core.length > biosBoot.sectors * sectorBytes) throw new Error(`GRUB's core is too large: ${core.length} bytes`)
  await writeFile(join(dir, 'boot-code.bin'), renderBootCode(boot, biosBoot.firstSector))
  await writeFile(join(dir, 'boot-core.bin'), core)
}
