/** Finds the sealed tree that an .ova was made of in the bake's cache. */
import { join } from 'node:path'
import { listEntries, loadEntry } from '../cache.ts'
import { seal } from '../steps/seal.ts'

export type BuildManifest = {
  readonly ova: { readonly file: string; readonly bytes: number }
  readonly steps: readonly { readonly name: string; readonly outputs: Readonly<Record<string, string>> }[]
}

/** The manifest knows the tree by its hash; a cache that holds it under a wrong one does not hold it. */
export async function findSealedTar({ steps }: Pick<BuildManifest, 'steps'>, cacheDir: string): Promise<string> {
  const wanted = steps.find(({ name }) => name === seal.name)?.outputs[seal.tar]
  for (const name of await listEntries(cacheDir, seal.name)) {
    const found = await loadEntry(join(cacheDir, name), [seal.tar])
    if (found.state === 'whole' && found.entry.outputs[seal.tar] === wanted) return join(found.entry.dir, seal.tar)
  }
  throw new Error('build/cache does not hold the tree of the newest .ova any more; bake it again by `npm run ova`')
}
