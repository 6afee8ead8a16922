/** Made-up listings of trees for the tests of the rules: a clean one, and entries to put into it. */
import type { Entry, Listing } from '../../../../packer/hygiene/tree.ts'
import { machineId } from '../../../../packer/identity.ts'

export const file = (text?: string, facts: Partial<Entry> = {}): Entry => ({
  ...{ type: 'file', mode: 0o644, uid: 0, gid: 0 },
  ...(text === undefined ? {} : { text }),
  ...facts,
})
export const folder = (facts: Partial<Entry> = {}): Entry =>
  file(undefined, { type: 'directory', mode: 0o755, ...facts })
export const link = (target: string): Entry => file(undefined, { type: 'link', mode: 0o777, target })
export const device: Entry = file(undefined, { type: 'device' })

export const layer = (id: string, path: string): string => `/var/lib/docker/overlay2/${id}/diff${path}`

const accounts: Readonly<Record<string, Entry>> = {
  '/etc/passwd': file('root:x:0:0:root:/root:/bin/bash\nnobody:x:65534:65534::/:/usr/sbin/nologin\n'),
  '/etc/group': file('root:x:0:\nshadow:x:42:\nnogroup:x:65534:\n'),
  '/etc/shadow': file('root:!*:20000:0:99999:7:::\nnobody:*:20000::::::\n', { gid: 42 }),
  '/etc/gshadow': file('root:*::\nshadow:!::\nstaff:::\n', { gid: 42 }),
}

const clean: Readonly<Record<string, Entry>> = {
  ...accounts,
  '/': folder(),
  '/etc/machine-id': file(machineId),
  '/usr': folder(),
  '/usr/bin': folder(),
  '/usr/bin/su': file(undefined, { mode: 0o4755 }),
  '/bin': link('usr/bin'),
  '/tmp': folder({ mode: 0o1777 }),
  '/var/log': folder(),
  '/etc/mtab': link('../proc/self/mounts'),
}

/** The clean tree with other entries; `undefined` takes one away. */
export function madeUp(entries: Readonly<Record<string, Entry | undefined>> = {}): Listing {
  const listing = new Map<string, Entry>()
  for (const [path, entry] of Object.entries({ ...clean, ...entries })) if (entry) listing.set(path, entry)
  return listing
}

const storeFolders = [
  '',
  '/lib',
  '/lib/docker',
  '/lib/docker/overlay2',
  '/lib/docker/overlay2/base',
  '/lib/docker/overlay2/base/diff',
].map(path => `/var${path}`)

/** The base layer of an image and one above it, as Docker's store has them. */
export function madeUpImage(base: Readonly<Record<string, Entry>>, upper: Readonly<Record<string, Entry>>): Listing {
  const inside = (id: string, entries: Readonly<Record<string, Entry>>) =>
    Object.fromEntries(Object.entries(entries).map(([path, entry]) => [layer(id, path), entry]))
  return madeUp({
    ...inside('base', { '/etc/passwd': file('root:x:0:0::/:/bin/sh\n'), '/etc/group': file('root:x:0:\n'), ...base }),
    ...inside('upper', upper),
    '/var/lib/docker/overlay2/l/BASE': link('../base/diff'),
    ...Object.fromEntries(storeFolders.map(path => [path, folder()])),
    '/var/lib/docker/overlay2/upper/lower': file('l/BASE'),
  })
}
