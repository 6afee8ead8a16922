/** The base tree as a bootable qcow2 for Packer, with the boot menu and network that it needs to come up. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type DiskTools, nameDiskWriter, writeDisk } from '../disk.ts'
import { hashTree } from '../hash.ts'
import type { Step } from '../step.ts'
import { baseTree } from './base-tree.ts'

export const baseDisk = { name: 'base-disk', diskImage: 'base.qcow2' }

/** Of `provisioning/rootfs`; all the rest of it is installed in the guest. */
const neededFiles = ['boot/grub/grub.cfg', 'etc/systemd/network/20-wired.network']

export type BaseDiskOptions = { readonly repository: string; readonly epoch: number; readonly tools: DiskTools }

export function createBaseDiskStep({ repository, epoch, tools }: BaseDiskOptions): Step {
  return {
    name: baseDisk.name,
    inputs: async done => ({
      tree: done.hash(baseTree.name, baseTree.tar),
      ...(await nameDiskWriter(repository, tools)),
      step: await hashTree(repository, ['packer/steps/base-disk.ts']),
      'qemu-img': tools['qemu-img'] ?? 'unknown',
      rootfs: await hashTree(join(repository, 'provisioning/rootfs'), neededFiles),
      epoch: String(epoch),
    }),
    outputs: [baseDisk.diskImage],
    async run({ dir, shell, done }) {
      const treeDir = join(dir, 'tree')
      const disk = join(dir, 'base.raw')
      await mkdir(treeDir)
      await shell.run(['tar', '-C', treeDir, '--numeric-owner', '-xpf', done.file(baseTree.name, baseTree.tar)])
      for (const file of neededFiles) {
        const source = join(repository, 'provisioning/rootfs', file)
        await shell.run(['install', '-D', '-m', '0644', source, join(treeDir, file)])
      }
      await writeDisk({ shell, treeDir, workDir: join(dir, 'parts'), disk, epoch })
      await shell.run(['qemu-img', 'convert', '-O', 'qcow2', disk, join(dir, baseDisk.diskImage)])
    },
  }
}
