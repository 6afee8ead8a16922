/** Writes a bootable disk from an unpacked tree; the same tree gives the same bytes. */
import { mkdir, truncate, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { earlyConfig, planGrubImages, writeBootFiles } from './grub.ts'
import { hashTree } from './hash.ts'
import * as layout from './layout.ts'
import type { Command, Shell } from './shell.ts'

/** Tool to version. */
export type DiskTools = Readonly<Record<string, string>>

/** What a disk's bytes depend on besides its tree: this code and the tools that it calls. */
export async function nameDiskWriter(repository: string, tools: DiskTools): Promise<Record<string, string>> {
  const names = ['e2fsprogs', 'grub', 'mtools', 'sgdisk'].map(name => [name, tools[name] ?? 'unknown'])
  const writer = await hashTree(repository, ['packer/disk.ts', 'packer/grub.ts', 'packer/layout.ts'])
  return { writer, ...Object.fromEntries(names) }
}

const grubDir = '/usr/lib/grub'

export type DiskOptions = {
  readonly shell: Shell
  /** The unpacked root file system; owners and modes are taken as they are. */
  readonly treeDir: string
  /** A folder for the disk's parts. */
  readonly workDir: string
  readonly disk: string
  /** Seconds; every time stamp of the file systems. */
  readonly epoch: number
}

export async function writeDisk({ shell, treeDir, workDir, disk, epoch }: DiskOptions): Promise<void> {
  const env = { E2FSPROGS_FAKE_TIME: String(epoch), SOURCE_DATE_EPOCH: String(epoch), TZ: 'UTC' }
  await mkdir(workDir, { recursive: true })
  await writeFile(disk, '')
  await truncate(disk, layout.diskBytes)
  await shell.run(planPartitions(disk), { env })
  await shell.run(planRoot(disk, treeDir), { env })
  await fixTimes({ shell, disk, epoch, env })
  await shell.run(['e2fsck', '-fn', atRoot(disk)])
  await writeBootloader({ shell, workDir, disk, epoch, env })
}

function planPartitions(disk: string): Command {
  const partitions = [layout.biosBoot, layout.esp, layout.root].flatMap(({ number, name, type, guid, ...range }) => [
    `--new=${number}:${range.firstSector}:${range.firstSector + range.sectors - 1}`,
    `--typecode=${number}:${type}`,
    `--change-name=${number}:${name}`,
    `--partition-guid=${number}:${guid}`,
  ])
  return ['sgdisk', '--clear', '--set-alignment=2048', `--disk-guid=${layout.diskGuid}`, ...partitions, disk]
}

/** The two features are off because GRUB 2.06 cannot be relied on to read them. */
function planRoot(disk: string, treeDir: string): Command {
  const offset = layout.root.firstSector * layout.sectorBytes
  const extended = `offset=${offset},hash_seed=${layout.rootUuid},lazy_itable_init=1,root_owner=0:0,nodiscard`
  return [
    ...['mke2fs', '-q', '-F', '-t', 'ext4', '-b', '4096', '-O', '^metadata_csum_seed,^orphan_file', '-m', '1'],
    ...['-L', 'root', '-U', layout.rootUuid, '-E', extended, '-d', treeDir, disk],
    `${Math.floor((layout.root.sectors * layout.sectorBytes) / 4096)}`,
  ]
}

/** How e2fsprogs name a file system inside a disk. */
function atRoot(disk: string): string {
  return `${disk}?offset=${layout.root.firstSector * layout.sectorBytes}`
}

type FixOptions = { shell: Shell; disk: string; epoch: number; env: Record<string, string> }

/**
 * `mke2fs -d` copies atime and ctime of the host's files, which no option overrides. A fresh file system uses its
 * inodes without gaps: 2 (the root) and 11 to the last one in use.
 */
async function fixTimes({ shell, disk, epoch, env }: FixOptions): Promise<void> {
  const inUse = parseInodesInUse(await shell.run(['dumpe2fs', '-h', atRoot(disk)], { env }))
  await shell.run(['debugfs', '-w', '-f', '-', atRoot(disk)], { input: planFixTimes(inUse, epoch), env })
}

export function parseInodesInUse(header: string): number {
  const field = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)$`, 'm').exec(header)?.[1])
  const inUse = field('Inode count') - field('Free inodes')
  if (!Number.isInteger(inUse) || inUse < 11) throw new Error('dumpe2fs printed no inode counts')
  return inUse
}

export function planFixTimes(inUse: number, epoch: number): string {
  const inodes = [2, ...Array.from({ length: inUse - 10 }, (_, index) => index + 11)]
  const fields = ['atime', 'ctime', 'crtime']
  const lines = inodes.flatMap(inode =>
    fields.flatMap(field => [
      `set_inode_field <${inode}> ${field} @${epoch}`,
      `set_inode_field <${inode}> ${field}_extra 0`,
    ]),
  )
  return `${lines.join('\n')}\n`
}

async function writeBootloader(options: Omit<DiskOptions, 'treeDir'> & { env: Record<string, string> }): Promise<void> {
  const { shell, workDir, disk, epoch, env } = options
  await writeFile(join(workDir, 'early.cfg'), earlyConfig)
  const images = planGrubImages(workDir)
  await shell.run(images.bios)
  await shell.run(images.efi)
  await writeBootFiles(workDir, grubDir)
  await utimes(join(workDir, 'BOOTX64.EFI'), epoch, epoch)
  const espFile = join(workDir, 'esp.img')
  await writeFile(espFile, '')
  await truncate(espFile, layout.esp.sectors * layout.sectorBytes)
  const format = ['mformat', '-i', espFile, '-F', '-N', layout.espSerial, '-v', 'ESP', '-h', '64', '-s', '32', '::']
  await shell.run(format, { env })
  await shell.run(['mmd', '-i', espFile, '::/EFI', '::/EFI/BOOT'], { env })
  await shell.run(['mcopy', '-m', '-i', espFile, join(workDir, 'BOOTX64.EFI'), '::/EFI/BOOT/'], { env })
  await shell.run(planCopy(join(workDir, 'boot-code.bin'), disk, 0))
  await shell.run(planCopy(join(workDir, 'boot-core.bin'), disk, layout.biosBoot.firstSector))
  await shell.run(planCopy(espFile, disk, layout.esp.firstSector))
}

function planCopy(file: string, disk: string, sector: number): Command {
  const seek = `seek=${sector * layout.sectorBytes}`
  return ['dd', `if=${file}`, `of=${disk}`, 'bs=64K', 'oflag=seek_bytes', seek, 'conv=notrunc,sparse', 'status=none']
}
