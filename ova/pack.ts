/** Packs a raw disk and its facts into one .ova: descriptor, manifest, disk. */
import { rename, rm, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { type DescriptorFacts, renderDescriptor } from './descriptor.ts'
import { digestFile, digestText } from './digest.ts'
import { renderManifest } from './manifest.ts'
import { type TarSource, writeTar } from './tar.ts'
import { writeVmdk } from './vmdk.ts'

export type ApplianceFacts = Omit<DescriptorFacts, 'disk'>

export interface PackProgress {
  step: 'compress disk' | 'write archive'
  doneBytes: number
  totalBytes: number
}

export interface PackOptions {
  rawPath: string
  /** Ends in .ova; its members take their names from it. */
  ovaPath: string
  facts: ApplianceFacts
  /** The time of every member: the same input gives the same bytes only with the same time. */
  mtimeSeconds: number
  onProgress?: (progress: PackProgress) => void
}

export interface OvaFacts {
  bytes: number
  sha256: string
  cid: string
  capacityBytes: number
  populatedBytes: number
}

function planMembers(ovaPath: string): { ovf: string; mf: string; disk: string } {
  if (!ovaPath.endsWith('.ova')) throw new Error(`${ovaPath} does not end in .ova: importers go by the ending, add it`)
  const base = basename(ovaPath, '.ova')
  return { ovf: `${base}.ovf`, mf: `${base}.mf`, disk: `${base}-disk1.vmdk` }
}

async function packInto(partialPath: string, vmdkPath: string, options: PackOptions): Promise<OvaFacts> {
  const { rawPath, ovaPath, facts, mtimeSeconds, onProgress } = options
  const members = planMembers(ovaPath)
  const report = (step: PackProgress['step']) => (doneBytes: number, totalBytes: number) =>
    onProgress?.({ step, doneBytes, totalBytes })
  const disk = await writeVmdk(rawPath, vmdkPath, { fileName: members.disk, onProgress: report('compress disk') })
  const fileBytes = (await stat(vmdkPath)).size
  const ovf = renderDescriptor({ ...facts, disk: { ...disk, fileName: members.disk, fileBytes } })
  const digests = [
    { name: members.ovf, sha256: digestText(ovf) },
    { name: members.disk, sha256: await digestFile(vmdkPath, { offset: 0, bytes: fileBytes }) },
  ]
  const sources: TarSource[] = [
    { name: members.ovf, text: ovf },
    { name: members.mf, text: renderManifest(digests) },
    { name: members.disk, path: vmdkPath, bytes: fileBytes },
  ]
  await writeTar(partialPath, sources, { mtimeSeconds, onProgress: report('write archive') })
  const { size: bytes } = await stat(partialPath)
  return { ...disk, bytes, sha256: await digestFile(partialPath, { offset: 0, bytes }) }
}

/**
 * The .ova appears under its name only when it is whole. The work files beside it (`.partial`, twice the size of the
 * disk's VMDK together) are removed whatever happens; those of a killed run are overwritten by the next one.
 */
export async function packOva(options: PackOptions): Promise<OvaFacts> {
  const partialPath = `${options.ovaPath}.partial`
  const vmdkPath = `${options.ovaPath}.vmdk.partial`
  try {
    const facts = await packInto(partialPath, vmdkPath, options)
    await rename(partialPath, options.ovaPath)
    return facts
  } finally {
    await Promise.all([rm(partialPath, { force: true }), rm(vmdkPath, { force: true })])
  }
}
