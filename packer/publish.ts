/** Puts the verified .ova under its final name; beside it SHA256SUMS, the build manifest, and runtimes that are not in it. */
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type { Base } from './bases/base.ts'
import { hashFile } from './hash.ts'
import type { Host } from './host.ts'
import { publishFile } from './links.ts'
import { renderManifest } from './manifest.ts'
import type { RuntimeImage } from './runtimes.ts'
import type { Source } from './source.ts'
import type { Done } from './step.ts'
import { baseTree } from './steps/base-tree.ts'
import { ovaStep } from './steps/ova.ts'
import { seal } from './steps/seal.ts'

export type Publication = {
  readonly done: Done
  readonly base: Base
  readonly source: Source
  readonly host: Host
  readonly repository: string
  /** What the runtimes' builder says about each image; goes into the manifest as it is. */
  readonly images: readonly RuntimeImage[]
}

/** Of a runtime image, what its archive beside the .ova is made from. */
export type SideImage = Pick<RuntimeImage, 'language' | 'inAppliance' | 'tar'>

export type Product = {
  readonly path: string
  readonly bytes: number
  readonly sha256: string
  /** Paths of the archives of runtimes beside it. */
  readonly beside: readonly string[]
}

/** The one that is published has no base in its name. */
export function nameOva(version: string, { nameSuffix, architecture }: Base): string {
  return `dispatch-solo-${version}${nameSuffix}-${architecture}.ova`
}

export async function publish({ done, base, source, host, images, repository }: Publication): Promise<Product> {
  const folder = join(repository, 'build/ova')
  const fileName = nameOva(source.version, base)
  const [path, sha256] = [join(folder, fileName), done.hash(ovaStep.name, fileName)]
  await mkdir(folder, { recursive: true })
  await publishFile(done.file(ovaStep.name, fileName), path)
  const { size: bytes } = await stat(path)
  const manifest = renderManifest({
    ...{ version: source.version, commit: source.commit, ova: { file: fileName, bytes, sha256 } },
    ...{ base, tools: host.tools, accelerator: host.accelerator, images, steps: done.all() },
    debianPackages: await readFile(done.file(seal.name, seal.packages), 'utf8'),
    fetchedPackages: await readFetched(done),
    npmLock: await readFile(join(repository, 'package-lock.json'), 'utf8'),
  })
  await writeAs(join(folder, 'manifest.json'), manifest)
  const names = await publishRuntimes(images, folder)
  const sums = names.map(async name => `${await hashFile(join(folder, name))}  ${name}\n`)
  await writeAs(join(folder, 'SHA256SUMS'), [`${sha256}  ${fileName}\n`, ...(await Promise.all(sums))].join(''))
  return { path, bytes, sha256, beside: names.map(name => join(folder, name)) }
}

/** What mmdebstrap fetched, with hashes; a guest that installed its packages itself has told none. */
async function readFetched(done: Done): Promise<string> {
  const { name, packages } = baseTree
  return done.all().some(step => step.name === name) ? readFile(done.file(name, packages), 'utf8') : ''
}

/** Archives that `docker load` takes, packed; the same image gives the same bytes. Answers with their names. */
export async function publishRuntimes(images: readonly SideImage[], folder: string): Promise<string[]> {
  const beside = images.filter(({ inAppliance }) => !inAppliance)
  const names = beside.map(async ({ language, tar }) => {
    const name = `${language}.tar.gz`
    const fresh = join(folder, `${name}.new`)
    await pipeline(createReadStream(tar), createGzip({ level: 9 }), createWriteStream(fresh))
    await rename(fresh, join(folder, name))
    return name
  })
  return Promise.all(names)
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
