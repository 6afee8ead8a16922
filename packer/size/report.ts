/** Where the megabytes of the .ova are: by folder, by what brought them, and the biggest files. */
import type { MeasuredFile, MeasuredTree } from './measure.ts'

export type SizeFacts = MeasuredTree & {
  readonly ovaBytes: number
  /** What the .ova may have. */
  readonly barBytes: number
}

const shownFolders = 24
const shownOwners = 24
const shownFiles = 16
const leastBytes = 500_000

export function renderSize({ files, owners, ovaBytes, barBytes }: SizeFacts): string {
  const packed = sum(files)
  const over = ovaBytes - barBytes
  const verdict = over > 0 ? `${renderMb(over)} MB above` : `${renderMb(-over)} MB below`
  return [
    `The .ova has ${renderMb(ovaBytes)} MB: ${verdict} the bar of ${renderMb(barBytes)} MB.`,
    `  ${renderMb(packed)} MB are files, ${renderMb(ovaBytes - packed)} MB the file system, boot partitions, tables and fill.`,
    ...renderTable('By folder', groupBy(files, folderOf), shownFolders),
    ...renderTable(
      'By what brought it',
      groupBy(files, file => ownerOf(file, owners)),
      shownOwners,
    ),
    ...renderTable(
      'The biggest files',
      groupBy(files, ({ path }) => path),
      shownFiles,
    ),
  ].join('\n')
}

type Row = { readonly name: string; readonly bytes: number; readonly packedBytes: number }

/** The largest first. */
export function groupBy(files: readonly MeasuredFile[], nameOf: (file: MeasuredFile) => string): Row[] {
  const groups = [...Map.groupBy(files, nameOf)]
  return groups
    .map(([name, members]) => ({
      name,
      bytes: members.reduce((total, { bytes }) => total + bytes, 0),
      packedBytes: sum(members),
    }))
    .sort((a, b) => b.packedBytes - a.packedBytes)
}

/** Three levels deep; layers of images have names that say nothing. */
export const folderOf = ({ path }: MeasuredFile): string =>
  path.startsWith('/var/lib/docker/') ? '/var/lib/docker' : `/${path.split('/').slice(1, -1).slice(0, 3).join('/')}`

const origins: readonly (readonly [string, string])[] = [
  ['/var/lib/docker/', 'runtime images'],
  ['/usr/lib/dispatch/', 'dispatch'],
  ['/boot/initrd', 'initial ramdisk'],
  ['/var/lib/dpkg/', "dpkg's database"],
]

export function ownerOf({ path }: MeasuredFile, owners: ReadonlyMap<string, string>): string {
  const origin = origins.find(([prefix]) => path.startsWith(prefix))
  return owners.get(path) ?? origin?.[1] ?? 'made during the bake'
}

function renderTable(title: string, rows: readonly Row[], most: number): string[] {
  const shown = rows.slice(0, most).filter(({ packedBytes }) => packedBytes >= leastBytes)
  const rest = sum(rows) - sum(shown)
  const others = {
    name: `${rows.length - shown.length} others`,
    packedBytes: rest,
    bytes: countBytes(rows) - countBytes(shown),
  }
  const lines = [...shown, others].map(
    ({ name, bytes, packedBytes }) => `${renderMb(packedBytes).padStart(9)} ${renderMb(bytes).padStart(9)}  ${name}`,
  )
  return ['', title, `${'packed MB'.padStart(9)} ${'MB'.padStart(9)}`, ...lines]
}

const sum = (rows: readonly { readonly packedBytes: number }[]): number =>
  rows.reduce((total, { packedBytes }) => total + packedBytes, 0)
const countBytes = (rows: readonly Row[]): number => rows.reduce((total, { bytes }) => total + bytes, 0)
const renderMb = (bytes: number): string => (bytes / 1e6).toFixed(1)
