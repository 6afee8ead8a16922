/** The sealed tree as the product: a fresh disk, never the one that ran, packed as an .ova. */
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { packOva } from '../../ova/pack.ts'
import { properties } from '../../ova/properties.ts'
import { type DiskTools, nameDiskWriter, writeDisk } from '../disk.ts'
import { hashTree } from '../hash.ts'
import type { Step } from '../step.ts'
import { planUnpack, seal } from './seal.ts'

export const ovaStep = { name: 'ova', facts: 'facts.json' }

export type OvaOptions = {
  readonly repository: string
  readonly version: string
  /** The file's name, which its members' names follow. */
  readonly fileName: string
  readonly epoch: number
  readonly tools: DiskTools
}

/** What an import proposes: room for Docker, the server and a dozen warm containers. */
const hardware = { cpus: 2, memoryMib: 4096 }

export function createOvaStep({ repository, version, fileName, epoch, tools }: OvaOptions): Step {
  return {
    name: ovaStep.name,
    inputs: async done => ({
      root: done.hash(seal.name, seal.tar),
      ...(await nameDiskWriter(repository, tools)),
      packer: await hashTree(repository, ['ova']),
      hardware: JSON.stringify(hardware),
      version,
      fileName,
      epoch: String(epoch),
    }),
    outputs: [fileName, ovaStep.facts],
    async run({ dir, shell, done }) {
      const treeDir = join(dir, 'tree')
      const disk = join(dir, 'disk.raw')
      await mkdir(treeDir)
      await shell.run(planUnpack(done.file(seal.name, seal.tar), treeDir))
      await writeDisk({ shell, treeDir, workDir: join(dir, 'parts'), disk, epoch })
      await rm(treeDir, { recursive: true })
      const facts = await packOva({
        rawPath: disk,
        ovaPath: join(dir, fileName),
        facts: { name: 'dispatch-solo', version, ...hardware, properties },
        mtimeSeconds: epoch,
      })
      await writeFile(join(dir, ovaStep.facts), `${JSON.stringify(facts, undefined, 2)}\n`)
    },
  }
}
