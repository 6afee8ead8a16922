/**
 * virt-v2v reads an .ova by its own rules, looks into the guest and makes it one for KVM. It works in a small machine of
 * libguestfs, which needs some kernel: this one is the appliance's own, so that the host needs none in /boot.
 */
import assert from 'node:assert/strict'
import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { root, sectorBytes } from '../../packer/layout.ts'
import type { Shell } from '../../packer/shell.ts'
import type { Accelerator } from '../../packer/vm.ts'

export type ImportBench = {
  readonly shell: Shell
  readonly ova: string
  /** Scratch space; 2 GB are unpacked there. */
  readonly dir: string
  readonly accelerator: Accelerator
  readonly print: (line: string) => void
}

const deadline = '60m'

/** What `--print-source` says of the machine, without looking into its disk. */
const source: readonly RegExp[] = [
  /^ *source name: dispatch-solo$/m,
  /^ *memory: 4294967296 \(bytes\)$/m,
  /^ *nr vCPUs: 2$/m,
  /^ *firmware: bios$/m,
  /^disks:\n\t0 \[scsi\]\n/m,
  /^NICs:\n\tBridge "Bridged" \[vmxnet3\]\n/m,
]

async function checkTools(shell: Shell): Promise<void> {
  await shell.run(['sh', '-c', 'command -v virt-v2v && command -v nbdkit && command -v nbdcopy']).catch(() => {
    throw new Error('virt-v2v is missing: `node setup.mjs matrix` as root installs what the matrix needs')
  })
}

/** Kernel and modules out of the root partition of a raw copy of the disk. */
async function takeKernel(shell: Shell, disk: string, dir: string): Promise<Record<string, string>> {
  const raw = join(dir, 'disk.raw')
  await shell.run(['qemu-img', 'convert', '-f', 'vmdk', '-O', 'raw', disk, raw])
  const partition = `${raw}?offset=${root.firstSector * sectorBytes}`
  await shell.run(['debugfs', '-R', `rdump /usr/lib/modules ${dir}`, partition])
  const [version] = await readdir(join(dir, 'modules'))
  const kernel = join(dir, 'vmlinuz')
  await shell.run(['debugfs', '-R', `dump /boot/vmlinuz-${version} ${kernel}`, partition])
  return { SUPERMIN_KERNEL: kernel, SUPERMIN_MODULES: join(dir, 'modules', version ?? '') }
}

export async function convertMachine(
  { shell, ova, dir, accelerator, print }: ImportBench,
  disk: string,
): Promise<void> {
  await checkTools(shell)
  const work = join(dir, 'virt-v2v')
  await mkdir(work)
  const env = {
    ...{ LIBGUESTFS_BACKEND: 'direct', LIBGUESTFS_BACKEND_SETTINGS: accelerator === 'tcg' ? 'force_tcg' : '' },
    ...{ LIBGUESTFS_CACHEDIR: work, LIBGUESTFS_TMPDIR: work, VIRT_V2V_TMPDIR: work },
    ...(await takeKernel(shell, disk, work)),
  }
  const command = ['timeout', deadline, 'virt-v2v', '-i', 'ova', ova, '-o', 'null']
  const seen = await shell.run([...command, '--print-source'], { env })
  for (const line of source) assert.match(seen, line)
  print('ok  virt-v2v reads the machine: name, memory, processors, firmware, disk and network card')
  await shell.run(command, { env })
  print('ok  virt-v2v makes it one for KVM: inspected, converted and copied')
}
