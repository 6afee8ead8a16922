/** The bake from nothing to a verified .ova as steps, and how they are run: once, or twice from nothing to compare. */
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Base } from './bases/base.ts'
import type { Guest } from './builders.ts'
import type { DebianArchive } from './debian-archive.ts'
import type { Host } from './host.ts'
import { type Drift, type Lock, refuseDrift } from './lock.ts'
import { loadDrift } from './release/drift.ts'
import { nameOva } from './release/publish.ts'
import { type Comparison, compareBakes } from './reproducible.ts'
import { buildRuntimes, type RuntimeImage } from './runtimes.ts'
import { loadSource, repository, type Source } from './source.ts'
import { type Done, runSteps, type Step, type StepRunner } from './step.ts'
import { createArchivesStep, type ImageArchive } from './steps/archives.ts'
import { createBakeStep } from './steps/bake.ts'
import { createBaseDiskStep } from './steps/base-disk.ts'
import { createBaseTreeStep } from './steps/base-tree.ts'
import { createBundlesStep } from './steps/bundles.ts'
import { createLicencesStep } from './steps/licences.ts'
import { createLockStep } from './steps/lock.ts'
import { createNodeStep } from './steps/node.ts'
import { createOvaStep } from './steps/ova.ts'
import { createPayloadStep, type PayloadFile } from './steps/payload.ts'
import { createProgramsStep } from './steps/programs.ts'
import { createSealStep } from './steps/seal.ts'
import { createVerifyStep } from './steps/verify.ts'

export type Plan = {
  readonly base: Base
  readonly guest: Guest
  readonly archive: DebianArchive
  readonly lock: Lock
  readonly version: string
  readonly commit: string
  readonly tools: Readonly<Record<string, string>>
  readonly accelerator: 'kvm' | 'tcg'
  /** The runtime images in the appliance, and those beside it. */
  readonly files: readonly PayloadFile[]
  readonly beside: readonly ImageArchive[]
}

export function planBake({
  base,
  guest,
  archive,
  lock,
  version,
  commit,
  tools,
  accelerator,
  files,
  beside,
}: Plan): Step[] {
  const { epoch, overlay, packageTool } = base
  // A guest that brings its kernel keeps that one, which may lack some of them.
  const initrdModules = base.hasTree ? base.initrdModules : []
  const fileName = nameOva(version, base)
  const serialLog = join(repository, 'build/logs/bake-serial.log')
  const ownDisk = [
    createLockStep(lock, archive),
    createBaseTreeStep({ base, archive, mmdebstrapVersion: tools.mmdebstrap ?? '' }),
    createBaseDiskStep({ repository, epoch, tools }),
  ]
  return [
    ...(guest.origin === 'tree' ? ownDisk : []),
    createBundlesStep({ repository, commit }),
    createLicencesStep(repository),
    createProgramsStep({ repository, epoch }),
    createNodeStep({ repository, tools }),
    createArchivesStep(repository, beside),
    createPayloadStep({ repository, files, epoch, overlay }),
    createBakeStep({ repository, base, guest, archive, accelerator, tools, serialLog }),
    createSealStep({ repository, version, epoch, packageTool, initrdModules }),
    createOvaStep({ repository, version, fileName, epoch, tools }),
    createVerifyStep({ repository, fileName, qemu: tools.qemu ?? '' }),
  ]
}

export type Bake = Pick<Plan, 'base' | 'guest' | 'archive' | 'lock' | 'commit'> &
  Omit<StepRunner, 'cacheDir'> & {
    /** Fail where not every locked version is in the archive, or what was installed is not what is locked. */
    readonly locked: boolean
    readonly host: Host
  }

export type Baked = {
  readonly done: Done
  readonly source: Source
  readonly images: readonly RuntimeImage[]
  readonly drift: readonly Drift[]
}

export async function bake(facts: Bake, cacheDir: string): Promise<Baked> {
  const { base, guest, archive, lock, commit, locked, host, ...runner } = facts
  const images = await buildRuntimes({ repository, archive, lock, locked, commit, ...runner, cacheDir })
  const source = await loadSource(commit, images)
  const steps = planBake({ base, guest, archive, lock, ...source, ...host })
  const done = await runSteps(steps, { ...runner, cacheDir })
  const drift = await loadDrift({ done, base, images, lock })
  if (locked) refuseDrift(drift)
  return { done, source, images, drift }
}

/** Each bake has a cache of its own, so that nothing of the first is there for the second; they stay for a look at what differs. */
export async function bakeTwice(facts: Bake, folder: string): Promise<Comparison> {
  const bakeAnew = async (name: string): Promise<Done> => {
    const cacheDir = join(folder, name)
    await rm(cacheDir, { recursive: true, force: true })
    await mkdir(cacheDir, { recursive: true })
    return (await bake(facts, cacheDir)).done
  }
  const first = await bakeAnew('first')
  return compareBakes(first, await bakeAnew('second'))
}
