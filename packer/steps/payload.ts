/** Everything of ours that goes into the guest, as one tar: rootfs, Node, the bundles, the runtime images. */
import { cp, mkdir, readdir, readFile, readlink, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Overlay } from '../bases/base.ts'
import { hashText, hashTree } from '../hash.ts'
import type { Command } from '../shell.ts'
import type { Done, Step } from '../step.ts'
import { bundles } from './bundles.ts'
import { licences } from './licences.ts'
import { nodeStep } from './node.ts'

export const payload = { name: 'payload', tar: 'payload.tar' }

/** A file from outside the steps: where it is, its sha256, and its place in the appliance. */
export type PayloadFile = { readonly source: string; readonly sha256: string; readonly target: string }

const node = 'usr/lib/dispatch/node'
const copyright = 'usr/share/doc/dispatch-solo/copyright'

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
      layout: hashText(JSON.stringify(planPack({ stage: '', tar: '', epoch }))),
      overlay: hashText(JSON.stringify(overlay)),
      step: await hashTree(repository, ['packer/steps/payload.ts']),
      ...Object.fromEntries(files.map(file => [`/${file.target}`, file.sha256])),
      ...Object.fromEntries(bundles.files.map(file => [`/usr/lib/dispatch/${file}`, done.hash(bundles.name, file)])),
      [`/${node}`]: done.hash(nodeStep.name, nodeStep.program),
      [`/${copyright}`]: done.hash(licences.name, licences.text),
    }),
    outputs: [payload.tar],
    async run({ dir, shell, done }) {
      const stage = join(dir, 'stage')
      await copyTree(rootfs, stage)
      await applyOverlay(stage, overlay)
      for (const { source, target } of [...planOwn(done), ...files]) {
        await mkdir(dirname(join(stage, target)), { recursive: true })
        await cp(source, join(stage, target))
      }
      const find = ['find', '.', '-mindepth', '1', '!', '-type', 'd', '-printf', '%P\\n']
      const names = (await shell.run(find, { cwd: stage })).trim().split('\n').sort()
      await shell.run(planPack({ stage, tar: join(dir, payload.tar), epoch }), { input: `${names.join('\n')}\n` })
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

function planOwn(done: Done): { source: string; target: string }[] {
  const programs = bundles.files.map(file => ({
    source: done.file(bundles.name, file),
    target: `usr/lib/dispatch/${file}`,
  }))
  return [
    ...programs,
    { source: done.file(nodeStep.name, nodeStep.program), target: node },
    { source: done.file(licences.name, licences.text), target: copyright },
  ]
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

type Packing = { readonly stage: string; readonly tar: string; readonly epoch: number }

/** Files only: an entry for a folder would change the mode of the folder that the base has. */
function planPack({ stage, tar, epoch }: Packing): Command {
  return [
    ...['tar', '-C', stage, '--format=posix', '--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime'],
    ...['--owner=0', '--group=0', '--numeric-owner', '--mode=u=rwX,go=rX', `--mtime=@${epoch}`],
    ...['--no-recursion', '--files-from=-', '-cf', tar],
  ]
}
