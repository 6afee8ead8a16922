/** Puts the verified .ova under its final name; beside it SHA256SUMS, the build manifest, and runtimes that are not in it. */
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Base } from '../bases/base.ts'
import type { Guest } from '../builders.ts'
import { hashFile } from '../hash.ts'
import type { Host } from '../host.ts'
import { publishFile } from '../links.ts'
import type { Drift } from '../lock.ts'
import type { Source } from '../source.ts'
import type { Done } from '../step.ts'
import { archives } from '../steps/archives.ts'
import { licences } from '../steps/licences.ts'
import { ovaStep } from '../steps/ova.ts'
import { seal } from '../steps/seal.ts'
import { renderLicenceFile } from './licence-file.ts'
import { renderManifest } from './manifest.ts'
import { type Gathering, loadMaterials, type Materials } from './materials.ts'
import { renderProvenance } from './provenance.ts'
import { renderSbom } from './sbom.ts'

const sumsFile = 'SHA256SUMS'

export type Publication = Gathering & {
  readonly host: Host
  readonly drift: readonly Drift[]
  readonly guest: Guest
  /** What was asked for on the command line, for the provenance. */
  readonly parameters: Readonly<Record<string, unknown>>
}

export type Product = {
  readonly path: string
  readonly bytes: number
  readonly sha256: string
  /** Path of the file that holds the sha256 of every published file. */
  readonly sums: string
  /** Paths of the archives of runtimes beside it. */
  readonly beside: readonly string[]
}

/** The one that is published has no base in its name. */
export function nameOva(version: string, { nameSuffix, architecture }: Base): string {
  return `dispatch-solo-${version}${nameSuffix}-${architecture}.ova`
}

export async function publish(publication: Publication): Promise<Product> {
  const { done, base, source, repository } = publication
  const folder = join(repository, 'build/ova')
  const fileName = nameOva(source.version, base)
  const [path, sha256] = [join(folder, fileName), done.hash(ovaStep.name, fileName)]
  await mkdir(folder, { recursive: true })
  await publishFile(done.file(ovaStep.name, fileName), path)
  const { size: bytes } = await stat(path)
  const beside = await publishArchives(done, source.beside, folder)
  const materials = await loadMaterials(publication, { file: fileName, sha256 })
  const texts = await renderTexts(publication, { materials, bytes })
  for (const [name, text] of Object.entries(texts)) await writeAs(join(folder, name), text)
  const names = [...Object.keys(texts), ...beside]
  const sums = await Promise.all(names.map(async name => `${await hashFile(join(folder, name))}  ${name}\n`))
  // Those of former sums would not fit these.
  for (const ending of ['sig', 'minisig']) await rm(join(folder, `${sumsFile}.${ending}`), { force: true })
  await writeAs(join(folder, sumsFile), [`${sha256}  ${fileName}\n`, ...sums].join(''))
  return { path, bytes, sha256, sums: join(folder, sumsFile), beside: beside.map(name => join(folder, name)) }
}

type Rendering = { readonly materials: Materials; readonly bytes: number }

/** File name to text: what stands beside the .ova for people and for tools. */
async function renderTexts(publication: Publication, { materials, bytes }: Rendering) {
  const { done, base, source, host, images, repository, drift, guest, parameters } = publication
  const { ova, system, modules, node } = materials
  const { version, commit } = source
  const manifest = renderManifest({
    ...{ version, commit, ova: { ...ova, bytes }, base, tools: host.tools, accelerator: host.accelerator },
    ...{ images, steps: done.all(), debianPackages: system, drift },
    npmLock: await readFile(join(repository, 'package-lock.json'), 'utf8'),
  })
  const provenance = renderProvenance({
    ...{ commit, base, parameters, tools: host.tools },
    modules: [node.module, ...modules, ...materials.images.flatMap(image => image.modules)],
    ...('medium' in guest ? { medium: guest.medium } : {}),
    products: { [ova.file]: ova.sha256 },
    packages: [...system, ...materials.images.flatMap(image => image.packages)],
  })
  const own = await readFile(done.file(licences.name, licences.text), 'utf8')
  return {
    'manifest.json': manifest,
    'sbom.cdx.json': renderSbom(materials),
    'provenance.json': provenance,
    'LICENCES.txt': await renderLicenceFile(done.file(seal.name, seal.tar), own.trim()),
  }
}

/** Answers with the files' names. */
async function publishArchives(done: Done, images: Source['beside'], folder: string): Promise<string[]> {
  const names = images.map(({ language }) => archives.file(language))
  for (const name of names) await publishFile(done.file(archives.name, name), join(folder, name))
  return names
}

async function writeAs(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text)
  await rename(`${path}.new`, path)
}

export function renderSummary({ path, bytes, sha256, beside }: Product, tookMs: number): string {
  return [
    '',
    `${path}`,
    `  ${(bytes / 1e6).toFixed(1)} MB, sha256 ${sha256}, baked in ${Math.round(tookMs / 1000)} s`,
    ...beside.map(file => `  Not in it: ${file}; in the appliance: docker load -i FILE`),
    '  Import: vSphere, Workstation, Fusion: Deploy OVF Template; VirtualBox: File > Import Appliance;',
    '          Proxmox VE: unpack the .ova, then qm importovf.',
    '  Boot it here: npm run boot        Test it: npm run test:boot',
  ].join('\n')
}
