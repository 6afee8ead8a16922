/** The guest's root without its identity and its randomness, checked, as a tar that is the same for the same inputs. */
import { appendFile, glob, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { PackageTool } from '../bases/package-tools.ts'
import { normalizeDockerStore } from '../docker-store.ts'
import { hashTree } from '../hash.ts'
import { listCapabilities } from '../hygiene/capabilities.ts'
import { findFaults, renderFindings } from '../hygiene/check.ts'
import { checkInitrds } from '../hygiene/initrd.ts'
import { mendTree, planMending } from '../hygiene/mend.ts'
import { listTree } from '../hygiene/tree.ts'
import { checkUnits, listOwnUnits } from '../hygiene/units.ts'
import { followedFolders, machineId, removedPaths, renderFollowed, renderShadow } from '../identity.ts'
import { shareFiles } from '../shared-files.ts'
import type { Command } from '../shell.ts'
import type { Step } from '../step.ts'
import { bake } from './bake.ts'
import { programs } from './programs.ts'

export const seal = { name: 'seal', tar: 'root.tar', packages: 'packages.tsv' }

export type SealOptions = {
  readonly repository: string
  readonly version: string
  readonly epoch: number
  readonly packageTool: PackageTool
  /** Modules without which the tree's kernel may not be shipped. */
  readonly initrdModules: readonly string[]
}

export function createSealStep({ repository, version, epoch, packageTool, initrdModules }: SealOptions): Step {
  return {
    name: seal.name,
    inputs: async done => ({
      guest: done.hash(bake.name, bake.tar),
      programs: done.hash(programs.name, programs.tar),
      rules: await hashTree(repository, [
        'packer/steps/seal.ts',
        'packer/identity.ts',
        'packer/hygiene',
        'packer/docker-store.ts',
        'packer/shared-files.ts',
        'packer/names-in.ts',
        'packer/bases/package-tools.ts',
      ]),
      version,
      epoch: String(epoch),
      initrdModules: initrdModules.join(' '),
    }),
    outputs: [seal.tar, seal.packages],
    async run({ dir, shell, done }) {
      const treeDir = join(dir, 'tree')
      await mkdir(treeDir)
      await shell.run(planUnpack(done.file(bake.name, bake.tar), treeDir))
      await shell.run(planUnpack(done.file(programs.name, programs.tar), treeDir))
      // Before anything is removed, for it leaves traces of its own.
      await checkUnits(treeDir, await listOwnUnits(join(repository, 'provisioning/rootfs')), shell)
      await checkInitrds(treeDir, initrdModules)
      await removeIdentity(treeDir)
      await mendTree(treeDir, planMending(await listTree(treeDir)))
      await normalizeDockerStore(join(treeDir, 'var/lib/docker'))
      await shareFiles(treeDir)
      await writeIdentity(treeDir, { version, epoch })
      const findings = findFaults(await listTree(treeDir, await listCapabilities(treeDir, shell)))
      if (findings.length > 0) throw new Error(renderFindings(findings))
      await writeFile(join(dir, seal.packages), await shell.run(packageTool.planList(treeDir)))
      await shell.run(planPackTree({ treeDir, tar: join(dir, seal.tar), epoch }))
    },
  }
}

/** Owners by number, with extended attributes: overlay2 and file capabilities keep theirs there. */
export function planUnpack(tar: string, treeDir: string): Command {
  return ['tar', '-C', treeDir, '--numeric-owner', '--xattrs', '--xattrs-include=*', '-xpf', tar]
}

async function removeIdentity(treeDir: string): Promise<void> {
  for await (const path of glob([...removedPaths], { cwd: treeDir })) {
    await rm(join(treeDir, path), { recursive: true, force: true })
  }
}

async function writeIdentity(treeDir: string, { version, epoch }: { version: string; epoch: number }): Promise<void> {
  await writeFile(join(treeDir, 'etc/machine-id'), machineId)
  for (const folder of followedFolders) await writeFile(join(treeDir, folder, '.updated'), renderFollowed(epoch))
  await appendFile(join(treeDir, 'usr/lib/os-release'), `IMAGE_ID=dispatch-solo\nIMAGE_VERSION=${version}\n`)
  const shadow = join(treeDir, 'etc/shadow')
  await writeFile(shadow, renderShadow(await readFile(shadow, 'utf8'), epoch))
}

type Packing = { readonly treeDir: string; readonly tar: string; readonly epoch: number }

/** Times later than the epoch are the bake's own and become the epoch; earlier ones are the packages'. */
export function planPackTree({ treeDir, tar, epoch }: Packing): Command {
  return [
    ...['tar', '-C', treeDir, '--sort=name', `--mtime=@${epoch}`, '--clamp-mtime', '--numeric-owner', '--format=posix'],
    ...['--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime', '--xattrs', '-cf', tar, '.'],
  ]
}
