/** Packer boots the base disk and provisions inside the guest; what leaves the guest is a tar of its root. */
import { mkdir, readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createBakeCredentials, renderSmbios } from '../credentials.ts'
import { hashTree } from '../hash.ts'
import type { Command } from '../shell.ts'
import type { Step } from '../step.ts'
import { baseDisk } from './base-disk.ts'
import { payload } from './payload.ts'

export const bake = { name: 'bake', tar: 'guest.tar' }

export type BakeOptions = {
  readonly repository: string
  readonly accelerator: 'kvm' | 'tcg'
  readonly tools: Readonly<Record<string, string>>
  /** The guest's serial log, kept for a failed bake. */
  readonly serialLog: string
}

/** Room for the guest's tar; a hole until it is written. */
const sealedBytes = 4 * 1024 ** 3

export function createBakeStep({ repository, accelerator, tools, serialLog }: BakeOptions): Step {
  return {
    name: bake.name,
    inputs: async done => ({
      disk: done.hash(baseDisk.name, baseDisk.diskImage),
      payload: done.hash(payload.name, payload.tar),
      template: await hashTree(repository, ['packer/appliance.pkr.hcl', 'packer/guest']),
      step: await hashTree(repository, ['packer/steps/bake.ts', 'packer/credentials.ts']),
      packer: tools.packer ?? 'unknown',
      qemu: tools.qemu ?? 'unknown',
    }),
    outputs: [bake.tar],
    async run({ dir, shell, done }) {
      const key = join(dir, 'key')
      await mkdir(join(dir, 'tmp'))
      await shell.run(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', 'bake', '-f', key])
      await writeFile(join(dir, bake.tar), '')
      await truncate(join(dir, bake.tar), sealedBytes)
      // A disk's size is a multiple of its sectors; tar ends at its own end mark.
      const payloadDisk = join(dir, 'payload.img')
      await shell.run(['cp', '--sparse=always', done.file(payload.name, payload.tar), payloadDisk])
      await shell.run(['truncate', '--size=%1M', payloadDisk])
      const variables = {
        accelerator,
        base_image: done.file(baseDisk.name, baseDisk.diskImage),
        base_checksum: `sha256:${done.hash(baseDisk.name, baseDisk.diskImage)}`,
        payload: payloadDisk,
        sealed: join(dir, bake.tar),
        private_key: key,
        credentials: Object.entries(createBakeCredentials(await readFile(`${key}.pub`, 'utf8'))).map(renderSmbios),
        output_directory: join(dir, 'output'),
        serial_log: serialLog,
      }
      await writeFile(join(dir, 'bake.pkrvars.json'), JSON.stringify(variables))
      const command = planPacker('build', { repository, variables: join(dir, 'bake.pkrvars.json') })
      const output = await shell.run(command, { env: packerEnv(dir) })
      await truncate(join(dir, bake.tar), parseTarBytes(output))
    },
  }
}

type PackerCall = { readonly repository: string /** A file of the template's variables. */; readonly variables: string }

export function planPacker(verb: 'build' | 'validate', { repository, variables }: PackerCall): Command {
  const flags = verb === 'build' ? ['-color=false'] : []
  return ['packer', verb, ...flags, `-var-file=${variables}`, join(repository, 'packer')]
}

/** The last line of tar's own `--totals`; the disk that it wrote to is longer. */
export function parseTarBytes(output: string): number {
  const bytes = Number(/Total bytes written: (\d+)/.exec(output)?.[1])
  if (!Number.isInteger(bytes)) throw new Error('The guest did not say how many bytes of its root it wrote')
  return bytes
}

/** Packer asks nobody for news of itself, and keeps its cache and temporary files in the step's folder. */
export function packerEnv(dir: string): Record<string, string> {
  return { CHECKPOINT_DISABLE: '1', PACKER_CACHE_DIR: join(dir, 'tmp'), PACKER_LOG: '', TMPDIR: join(dir, 'tmp') }
}
