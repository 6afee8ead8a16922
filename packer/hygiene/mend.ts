/** What sealing puts right by itself, because packages bring it anew with every version. */
import { chmod, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { privileged } from './privileged.ts'
import { hasSpecialBits, isBrokenLink, specialBits } from './rules.ts'
import { type Listing, splitLayers } from './tree.ts'

export type Mending = {
  readonly removed: readonly string[]
  readonly modes: readonly { readonly path: string; readonly mode: number }[]
}

/** Documents are not shipped, but links to them come along. */
const documents = '/usr/share/doc/'

export function planMending(listing: Listing): Mending {
  const [system] = splitLayers(listing)
  const entries = [...system.entries]
  const links = entries.filter(([path, entry]) => path.startsWith(documents) && isBrokenLink(entry, path, system))
  const programs = entries.filter(
    ([path, entry]) => hasSpecialBits(entry) && !privileged.some(one => one.path === path),
  )
  return {
    removed: links.map(([path]) => path),
    modes: programs.map(([path, { mode }]) => ({ path, mode: mode & ~specialBits })),
  }
}

export async function mendTree(treeDir: string, { removed, modes }: Mending): Promise<void> {
  for (const path of removed) await rm(join(treeDir, path))
  for (const { path, mode } of modes) await chmod(join(treeDir, path), mode)
}
