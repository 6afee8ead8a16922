/** What of ours the guest installs and keeps, as one tar: rootfs, Node, the runtime images. */
import { cp, mkdir, readdir, readFile, readlink, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Overlay } from '../bases/base.ts'
import { packFiles, stageFiles } from '../files-tar.ts'
import { hashText, hashTree } from '../hash.ts'
import type { Step } from '../step.ts'
import { nodeStep } from './node.ts'

export const payload = { name: 'payload', tar: 'payload.tar' }

/** A file from outside the steps: where it is, its sha256, and its place in the appliance. */
export type PayloadFile = { readonly source: string; readonly sha256: string; readonly target: string }

const node = 'usr/lib/dispatch/node'

export type PayloadOptions = {
  readonly repository: string
  readonly files: readonly PayloadFile[]
  readonly epoch: number
  /** How the overlay differs on the base. */
  readonly overlay: Overlay
}

export function createPayloadStep({ repository, files, epoch, overlay }: PayloadOptions): Step {
  const rootfs = join(repository, 'provisioning/rootfs')
  return {
    name: payload.name,
    inputs: async done => ({
      rootfs: await hashTree(rootfs, ['.']),
      epoch: String(epoch),
      overlay: hashText(JSON.stringify(overlay)),
      step: await hashTree(repository, ['packer/steps/payload.ts', 'packer/files-tar.ts']),
      ...Object.fromEntries(files.map(file => [`/${file.target}`, file.sha256])),
      [`/${node}`]: done.hash(nodeStep.name, nodeStep.program),
    }),
    outputs: [payload.tar],
    async run({ dir, shell, done }) {
      const stage = join(dir, 'stage')
      await copyTree(rootfs, stage)
      await applyOverlay(stage, overlay)
      await stageFiles(stage, [...files, { source: done.file(nodeStep.name, nodeStep.program), target: node }])
      await packFiles(shell, { stage, tar: join(dir, payload.tar), epoch })
    },
  }
}

/** A text that is not there would be a difference that nobody notices any more. */
export async function applyOverlay(stage: string, { files, replacements }: Overlay): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(stage, path)), { recursive: true })
    await writeFile(join(stage, path), text)
  }
  for (const { path, text, by } of replacements) {
    const whole = await readFile(join(stage, path), 'utf8')
    if (!whole.includes(text)) throw new Error(`provisioning/rootfs/${path} does not say "${text}" any more`)
    await writeFile(join(stage, path), whole.replace(text, by))
  }
}

/** Links are copied as they are written: their targets are in the appliance, not here. */
async function copyTree(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true })
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory()) await copyTree(source, target)
    else if (entry.isSymbolicLink()) await symlink(await readlink(source), target)
    else await cp(source, target)
  }
}
