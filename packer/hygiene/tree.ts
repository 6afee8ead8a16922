/** A listing of an unpacked file system, which is all that the rules judge; layers of images are trees of their own. */
import { lstatSync, readFileSync, readlinkSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Capabilities } from './capabilities.ts'

export type Entry = {
  readonly type: 'file' | 'directory' | 'link' | 'device' | 'other'
  /** Permissions with the set-user-id, set-group-id and sticky bits. */
  readonly mode: number
  readonly uid: number
  readonly gid: number
  /** File capabilities, as in `cap_net_raw=ep`. */
  readonly capabilities?: string
  /** Where a link leads, as it is written. */
  readonly target?: string
  /** Of small files where settings or keys are. */
  readonly text?: string
}

/** Absolute path to entry; the root itself is `/`. */
export type Listing = ReadonlyMap<string, Entry>

export type Tree = {
  /** Before each path: nothing for the system, the layer's folder for an image. */
  readonly place: string
  readonly entries: Listing
  /** The layers below a layer, nearest first. */
  readonly below: readonly Listing[]
}

const overlayDir = '/var/lib/docker/overlay2'
const hasSettings =
  /^(\/var\/lib\/docker\/overlay2\/[^/]+(\/lower$|\/diff\/(etc|root)\/))|^\/(etc|root|srv|opt)\/|\.pem$/
const textBytes = 64 * 1024

export async function listTree(dir: string, capabilities: Capabilities = new Map()): Promise<Listing> {
  // readdirSync would follow links to folders.
  const found = await readdir(dir, { recursive: true, withFileTypes: true })
  const paths = found.map(({ parentPath, name }) => join(parentPath, name).slice(dir.length)).sort()
  return new Map(
    ['/', ...paths].map(path => {
      const held = capabilities.get(path)
      return [path, { ...readEntry(dir, path), ...(held === undefined ? {} : { capabilities: held }) }]
    }),
  )
}

/** Without waiting: it is asked thousands of times, and answered from memory. */
function readEntry(dir: string, path: string): Entry {
  const full = join(dir, path)
  const stat = lstatSync(full)
  const facts = { mode: stat.mode & 0o7777, uid: stat.uid, gid: stat.gid }
  if (stat.isSymbolicLink()) return { ...facts, type: 'link', target: readlinkSync(full) }
  if (stat.isDirectory()) return { ...facts, type: 'directory' }
  if (stat.isCharacterDevice() || stat.isBlockDevice()) return { ...facts, type: 'device' }
  if (!stat.isFile()) return { ...facts, type: 'other' }
  const isRead = stat.size <= textBytes && hasSettings.test(path)
  return { ...facts, type: 'file', ...(isRead ? { text: readFileSync(full, 'utf8') } : {}) }
}

/** The system, and each layer of Docker's store (overlay2) with what is below it. */
export function splitLayers(listing: Listing): [system: Tree, ...layers: Tree[]] {
  const layers = new Map<string, Map<string, Entry>>()
  const system = new Map<string, Entry>()
  for (const [path, entry] of listing) {
    const [, id, inside] = /^\/var\/lib\/docker\/overlay2\/([^/]+)\/diff(\/.*)$/.exec(path) ?? []
    if (id === undefined || inside === undefined) system.set(path, entry)
    else layers.set(id, (layers.get(id) ?? new Map<string, Entry>()).set(inside, entry))
  }
  const images = [...layers].map(([id, entries]) => ({
    place: `${overlayDir}/${id}/diff`,
    entries,
    below: listLower(listing, id).flatMap(lower => layers.get(lower) ?? []),
  }))
  return [{ place: '', entries: system, below: [] }, ...images]
}

/** `lower` names the layers below by short links: `l/LINK:l/LINK`. */
function listLower(listing: Listing, id: string): string[] {
  const links = listing.get(`${overlayDir}/${id}/lower`)?.text?.split(':') ?? []
  return links.map(link => listing.get(`${overlayDir}/${link}`)?.target?.split('/')[1] ?? '')
}

/** What is at a path; a device in a layer says that what is below is there no more. */
export function find({ entries, below }: Tree, path: string): Entry | undefined {
  for (const listing of [entries, ...below]) {
    const entry = listing.get(path)
    if (entry) return entry.type === 'device' ? undefined : entry
  }
  return undefined
}
