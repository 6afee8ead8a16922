/** The base tree as a bootable qcow2 for Packer, with the appliance's network configuration so that it can be reached. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { writeDisk } from '../disk.ts'
import { hashTree } from '../hash.ts'
import type { Step } from '../step.ts'
import { baseTree } from './base-tree.ts'

export const baseDisk = { name: 'base-disk', diskImage: 'base.qcow2' }

const networkFile = 'etc/systemd/network/20-wired.network'

export type BaseDiskOptions = { readonly repository: string; readonly epoch: number }

export function createBaseDiskStep({ repository, epoch }: BaseDiskOptions): Step {
  return {
    name: baseDisk.name,
    inputs: async done => ({
      tree: done.hash(baseTree.name, baseTree.tar),
      writer: await hashTree(repository, ['packer/disk.ts', 'packer/grub.ts', 'packer/layout.ts']),
      network: await hashTree(join(repository, 'provisioning/rootfs'), [networkFile]),
      epoch: String(epoch),
    }),
    outputs: [baseDisk.diskImage],
    async run({ dir, shell, done }) {
      const treeDir = join(dir, 'tree')
      const disk = join(dir, 'base.raw')
      await mkdir(treeDir)
      await shell.run(['tar', '-C', treeDir, '--numeric-owner', '-xpf', done.file(baseTree.name, baseTree.tar)])
      const network = join(repository, 'provisioning/rootfs', networkFile)
      await shell.run(['install', '-m', '0644', network, join(treeDir, networkFile)])
      await writeDisk({ shell, treeDir, workDir: join(dir, 'parts'), disk, epoch })
      await shell.run(['qemu-img', 'convert', '-O', 'qcow2', disk, join(dir, baseDisk.diskImage)])
    },
  }
}
