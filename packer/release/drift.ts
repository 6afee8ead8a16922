/** How the packages of a finished bake differ from the lock. */
import { readFile } from 'node:fs/promises'
import { parsePackages } from '../listed-package.ts'
import { type Drift, findDrift, type Lock } from '../lock.ts'
import type { RuntimeImage } from '../runtimes.ts'
import type { Done } from '../step.ts'
import { seal } from '../steps/seal.ts'
import { parseImagePackages } from './materials.ts'

export type Made = {
  readonly done: Done
  readonly base: { readonly suite: string }
  readonly images: readonly Pick<RuntimeImage, 'packages'>[]
  readonly lock: Lock
}

/** The lock is of one base; what another installs is in the manifest, and nothing here. */
export async function loadDrift({ done, base, images, lock }: Made): Promise<Drift[]> {
  if (base.suite !== lock.suite) return []
  const system = parsePackages(await readFile(done.file(seal.name, seal.packages), 'utf8'), '')
  return findDrift(lock, [...system, ...images.flatMap(({ packages }) => parseImagePackages(packages))])
}
