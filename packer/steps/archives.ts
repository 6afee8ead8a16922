/** Runtime images that are not in the appliance, packed for `docker load`: they lie beside the .ova. */
import { createReadStream, createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { hashTree } from '../hash.ts'
import type { Step } from '../step.ts'

export const archives = { name: 'archives', file: (language: string) => `${language}.tar.gz` }

export type ImageArchive = {
  readonly language: string
  /** Absolute path of what `docker save` would give, and its sha256. */
  readonly tar: string
  readonly sha256: string
}

/** The same image gives the same bytes. */
export function createArchivesStep(repository: string, images: readonly ImageArchive[]): Step {
  return {
    name: archives.name,
    inputs: async () => ({
      step: await hashTree(repository, ['packer/steps/archives.ts']),
      ...Object.fromEntries(images.map(({ language, sha256 }) => [archives.file(language), sha256])),
    }),
    outputs: images.map(({ language }) => archives.file(language)),
    async run({ dir, signal }) {
      const pack = ({ language, tar }: ImageArchive) => {
        const packed = createWriteStream(join(dir, archives.file(language)))
        return pipeline(createReadStream(tar), createGzip({ level: 9 }), packed, { signal })
      }
      await Promise.all(images.map(pack))
    },
  }
}
