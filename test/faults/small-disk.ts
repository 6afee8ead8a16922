/** A disk of 64 MiB that a test may fill to the last page. Needs root. */
import { execFileSync } from 'node:child_process'
import { appendFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { ExecutionContext } from 'ava'
import { temporaryDir } from './stage.ts'

/** A file system of its own, on which what is synced goes to a disk. */
export async function mountSmallDisk(t: ExecutionContext): Promise<string> {
  const directory = await temporaryDir(t)
  const [file, disk] = [join(directory, 'ext4'), join(directory, 'disk')]
  await mkdir(disk)
  execFileSync('truncate', ['--size', '64M', file])
  // Nothing is kept back for root.
  execFileSync('mkfs.ext4', ['-q', '-m', '0', file])
  execFileSync('mount', ['-o', 'loop', file, disk])
  t.teardown(() => execFileSync('umount', ['--lazy', disk]))
  return disk
}

/** Takes the room that is left, to the last page. */
export async function fill(file: string): Promise<void> {
  for (const bytes of [1 << 20, 1 << 12]) {
    const takeOne = () =>
      appendFile(file, Buffer.alloc(bytes)).then(
        () => true,
        () => false,
      )
    while (await takeOne());
  }
}
