/**
 * virt-v2v reads an .ova by its own rules, looks into the guest and makes it one for KVM. It works in a small machine of
 * libguestfs, which needs some kernel: this one is the appliance's own, so that the host needs none in /boot.
 */
import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Shell } from '../../packer/shell.ts'
import type { Bench } from './bench.ts'
import { takeKernel } from './kernel.ts'

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

/** Before anything that takes long: rejects where virt-v2v and its programs are missing. */
export async function checkTools(shell: Shell): Promise<void> {
  await shell.run(['sh', '-c', 'command -v virt-v2v && command -v nbdkit && command -v nbdcopy']).catch(() => {
    throw new Error('virt-v2v is missing: `node setup.mjs matrix` as root installs what the matrix needs')
  })
}

/** Unpacks 2 GB into the bench's folder. */
export async function convertMachine({ shell, ova, vmdk, dir, accelerator, print }: Bench): Promise<void> {
  // libguestfs copies this folder from the host before it puts the given modules in; where no kernel was installed, there is none.
  await mkdir('/lib/modules', { recursive: true })
  const work = join(dir, 'virt-v2v')
  await mkdir(work)
  const { kernel, modules } = await takeKernel({ shell, vmdk, dir: work })
  const env = {
    ...{ LIBGUESTFS_BACKEND: 'direct', LIBGUESTFS_BACKEND_SETTINGS: accelerator === 'tcg' ? 'force_tcg' : '' },
    ...{ LIBGUESTFS_CACHEDIR: work, LIBGUESTFS_TMPDIR: work, VIRT_V2V_TMPDIR: work },
    ...{ SUPERMIN_KERNEL: kernel, SUPERMIN_MODULES: modules },
  }
  const command = ['timeout', deadline, 'virt-v2v', '-i', 'ova', ova, '-o', 'null']
  const seen = await shell.run([...command, '--print-source'], { env })
  for (const line of source) assert.match(seen, line)
  print('ok  virt-v2v reads the machine: name, memory, processors, firmware, disk and network card')
  await shell.run(command, { env })
  print('ok  virt-v2v makes it one for KVM: inspected, converted and copied')
}
