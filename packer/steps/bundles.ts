/** Our own programs as bundles: tsup's output, kept for the runtime images and the payload. */
import { join } from 'node:path'
import { hashTree } from '../hash.ts'
import type { Step } from '../step.ts'
import { moduleLists } from './bundled-modules.ts'
import { listRuntimePrograms } from './runtime-programs.ts'

export const bundles = {
  name: 'bundles',
  /** Below `/usr/lib/dispatch` in the appliance; package.json says that `dispatch` is CommonJS. */
  files: [
    'dispatch',
    'dispatch-cli.cjs',
    'dispatch-server.cjs',
    'sqlite-worker.cjs',
    'dispatch-appliance.cjs',
    'dispatch-firstboot.cjs',
    'dispatch-setup.cjs',
    'drivers/http.cjs',
    'drivers/vcenter.cjs',
    'package.json',
  ],
}

export type BundlesOptions = {
  readonly repository: string
  /** The commit, which the bundles name as their version's origin. */
  readonly commit: string
}

/** In a bake it comes twice, for the runtime images and for the payload; whoever is second finds it cached. */
export function createBundlesStep({ repository, commit }: BundlesOptions): Step {
  return {
    name: bundles.name,
    inputs: async () => ({
      sources: await hashTree(repository, [
        ...['server', 'cli', 'ova', 'tsup.config.ts', 'tsconfig.json', 'package.json'],
        ...['appliance', 'console', 'firstboot', 'setup', 'ports.ts', 'run.ts'].map(name => `provisioning/${name}`),
      ]),
      step: await hashTree(repository, [
        ...['packer/steps/bundles.ts', 'packer/steps/bundled-modules.ts', 'packer/steps/runtime-programs.ts'],
      ]),
      lock: await hashTree(repository, ['package-lock.json']),
      commit,
    }),
    // The last are what recipes name as `dist/...`.
    outputs: [...bundles.files, ...moduleLists, ...listRuntimePrograms(repository).map(program => `${program}.cjs`)],
    async run({ dir, shell }) {
      const tsup = ['node', join(repository, 'node_modules/tsup/dist/cli-default.js')]
      await shell.run(tsup, { cwd: repository, env: { DISPATCH_OUT_DIR: dir } })
    },
  }
}
