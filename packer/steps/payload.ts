/** Everything of ours that goes into the guest, as one tar: rootfs, Node, the bundles, the runtime images. */
import { cp, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { hashFile, hashTree } from '../hash.ts'
import type { Command } from '../shell.ts'
import type { Done, Step } from '../step.ts'

export const payload = { name: 'payload', tar: 'payload.tar' }

/** A file of an earlier step, and where it goes in the appliance. */
export type PayloadFile = { readonly step: string; readonly output: string; readonly target: string }

export type PayloadOptions = {
  readonly repository: string
  /** The Node binary; one file serves the server and, mounted read-only, the nodejs containers. */
  readonly node: string
  readonly files: readonly PayloadFile[]
  readonly epoch: number
}

export function createPayloadStep({ repository, node, files, epoch }: PayloadOptions): Step {
  const rootfs = join(repository, 'provisioning/rootfs')
  return {
    name: payload.name,
    inputs: async done => ({
      rootfs: await hashTree(rootfs, ['.']),
      node: await hashFile(node),
      ...Object.fromEntries(files.map(file => [file.target, done.hash(file.step, file.output)])),
      epoch: String(epoch),
    }),
    outputs: [payload.tar],
    async run({ dir, shell, done }) {
      const stage = join(dir, 'stage')
      await cp(rootfs, stage, { recursive: true, verbatimSymlinks: true })
      await mkdir(join(stage, 'usr/lib/dispatch'), { recursive: true })
      await cp(node, join(stage, 'usr/lib/dispatch/node'))
      await copyFiles(files, stage, done)
      const names = await shell.run(['find', '.', '(', '-type', 'f', '-o', '-type', 'l', ')', '-printf', '%P\\n'], {
        cwd: stage,
      })
      await shell.run(planPack({ stage, tar: join(dir, payload.tar), epoch }), {
        input: names.split('\n').sort().join('\n').trimStart(),
      })
    },
  }
}

async function copyFiles(files: readonly PayloadFile[], stage: string, done: Done): Promise<void> {
  for (const { step, output, target } of files) await cp(done.file(step, output), join(stage, target))
}

type Packing = { readonly stage: string; readonly tar: string; readonly epoch: number }

/** Files only: an entry for a folder would change the mode of the folder that the base has. */
function planPack({ stage, tar, epoch }: Packing): Command {
  return [
    ...['tar', '-C', stage, '--format=posix', '--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime'],
    ...['--owner=0', '--group=0', '--numeric-owner', '--mode=u=rwX,go=rX', `--mtime=@${epoch}`],
    ...['--no-recursion', '--files-from=-', '-cf', tar],
  ]
}
