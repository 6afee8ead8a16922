/**
 * Our own programs and their licences as one tar. It is tried in the guest and put into the sealed tree, so that other
 * programs need no other guest.
 */
import { join } from 'node:path'
import { type FileToPack, packFiles, stageFiles } from '../files-tar.ts'
import { hashTree } from '../hash.ts'
import type { Done, Step } from '../step.ts'
import { bundles } from './bundles.ts'
import { licences } from './licences.ts'

export const programs = { name: 'programs', tar: 'programs.tar' }

const copyright = 'usr/share/doc/dispatch-solo/copyright'
const places = bundles.files.map(file => ({ file, target: `usr/lib/dispatch/${file}` }))

/** All that the tar holds. */
export const programPaths: readonly string[] = [...places.map(({ target }) => target), copyright]

export type ProgramsOptions = { readonly repository: string; readonly epoch: number }

export function createProgramsStep({ repository, epoch }: ProgramsOptions): Step {
  return {
    name: programs.name,
    inputs: async done => ({
      step: await hashTree(repository, ['packer/steps/programs.ts', 'packer/files-tar.ts']),
      epoch: String(epoch),
      ...Object.fromEntries(places.map(({ file, target }) => [`/${target}`, done.hash(bundles.name, file)])),
      [`/${copyright}`]: done.hash(licences.name, licences.text),
    }),
    outputs: [programs.tar],
    async run({ dir, shell, done }) {
      const stage = join(dir, 'stage')
      await stageFiles(stage, planFiles(done))
      await packFiles(shell, { stage, tar: join(dir, programs.tar), epoch })
    },
  }
}

function planFiles(done: Done): FileToPack[] {
  const files = places.map(({ file, target }) => ({ source: done.file(bundles.name, file), target }))
  return [...files, { source: done.file(licences.name, licences.text), target: copyright }]
}
