/** Our own programs as bundles: tsup's output, kept for the payload. */
import { cp, mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { hashTree } from '../hash.ts'
import type { Step } from '../step.ts'

export const bundles = {
  name: 'bundles',
  /** Below `dist/`, and below `/usr/lib/dispatch` in the appliance; package.json says that `dispatch` is CommonJS. */
  files: ['dispatch', 'dispatch-server.mjs', 'sqlite-worker.mjs', 'package.json'],
}

export type BundlesOptions = {
  readonly repository: string
  /** The commit, which the bundles name as their version's origin. */
  readonly commit: string
}

export function createBundlesStep({ repository, commit }: BundlesOptions): Step {
  return {
    name: bundles.name,
    inputs: async () => ({
      sources: await hashTree(repository, ['server', 'cli', 'tsup.config.ts', 'tsconfig.json', 'package.json']),
      lock: await hashTree(repository, ['package-lock.json']),
      commit,
    }),
    outputs: bundles.files,
    async run({ dir, shell }) {
      await shell.run(['node', join(repository, 'node_modules/tsup/dist/cli-default.js')], { cwd: repository })
      for (const file of bundles.files) {
        await mkdir(dirname(join(dir, file)), { recursive: true })
        await cp(join(repository, 'dist', file), join(dir, file))
      }
    },
  }
}
