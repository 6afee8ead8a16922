/**
 * Docker's image store on disk (overlay2, Docker 26) without its randomness: each layer's folder and short link are
 * named after the layer's chain id instead of at random, so that the same images give the same bytes.
 */
import { createHash } from 'node:crypto'
import { readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { namesIn } from './names-in.ts'

export type Layer = { readonly chainId: string; readonly cacheId: string; readonly link: string }

/** Renames every layer below `dockerDir` (`/var/lib/docker` of an unpacked tree). */
export async function normalizeDockerStore(dockerDir: string): Promise<void> {
  const layers = await loadLayers(dockerDir)
  const links = new Map(layers.map(({ link, chainId }) => [link, renderLink(chainId)]))
  const overlayDir = join(dockerDir, 'overlay2')
  const known = new Set(['l', ...layers.map(({ cacheId }) => cacheId)])
  for (const name of await namesIn(overlayDir)) {
    if (!known.has(name)) await rm(join(overlayDir, name), { recursive: true })
  }
  for (const name of await namesIn(join(overlayDir, 'l'))) await rm(join(overlayDir, 'l', name))
  for (const layer of layers) await renameLayer(dockerDir, layer, links)
}

async function loadLayers(dockerDir: string): Promise<Layer[]> {
  const database = join(dockerDir, 'image/overlay2/layerdb/sha256')
  const chainIds = (await namesIn(database)).sort()
  return Promise.all(
    chainIds.map(async chainId => {
      const cacheId = (await readFile(join(database, chainId, 'cache-id'), 'utf8')).trim()
      const link = (await readFile(join(dockerDir, 'overlay2', cacheId, 'link'), 'utf8')).trim()
      return { chainId, cacheId, link }
    }),
  )
}

async function renameLayer(dockerDir: string, layer: Layer, links: ReadonlyMap<string, string>): Promise<void> {
  const overlayDir = join(dockerDir, 'overlay2')
  const folder = join(overlayDir, layer.chainId)
  const link = renderLink(layer.chainId)
  await rename(join(overlayDir, layer.cacheId), folder)
  await writeFile(join(folder, 'link'), link)
  const lower = await readFile(join(folder, 'lower'), 'utf8').catch(() => undefined)
  if (lower !== undefined) await writeFile(join(folder, 'lower'), renderLower(lower, links))
  await symlink(`../${layer.chainId}/diff`, join(overlayDir, 'l', link))
  await writeFile(join(dockerDir, 'image/overlay2/layerdb/sha256', layer.chainId, 'cache-id'), layer.chainId)
}

/** 26 letters and digits, as Docker makes them at random; short because a mount's options are limited in length. */
export function renderLink(chainId: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const bytes = createHash('sha256').update(chainId).digest().subarray(0, 26)
  return Array.from(bytes, byte => alphabet[byte % alphabet.length]).join('')
}

/** `lower` lists a layer's parents, nearest first: `l/LINK:l/LINK`. */
export function renderLower(lower: string, links: ReadonlyMap<string, string>): string {
  return lower
    .split(':')
    .map(part => {
      const link = links.get(part.replace(/^l\//, ''))
      if (!link) throw new Error(`Docker's store names a parent layer that it does not have: ${part}`)
      return `l/${link}`
    })
    .join(':')
}
