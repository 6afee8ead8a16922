/** Puts the verified .ova under its final name, with SHA256SUMS and the build manifest beside it. */
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { debian } from './bases/debian.ts'
import type { Host } from './host.ts'
import { publishFile } from './links.ts'
import { renderManifest } from './manifest.ts'
import type { Source } from './source.ts'
import type { Done } from './step.ts'
import { baseTree } from './steps/base-tree.ts'
import { ovaStep } from './steps/ova.ts'
import { seal } from './steps/seal.ts'

export type Publication = {
  readonly done: Done
  readonly source: Source
  readonly host: Host
  readonly repository: string
  /** What the runtimes' builder says about each image; goes into the manifest as it is. */
  readonly images: readonly object[]
}

export type Product = { readonly path: string; readonly bytes: number; readonly sha256: string }

export async function publish({ done, source, host, images, repository }: Publication): Promise<Product> {
  const folder = join(repository, 'build/ova')
  const fileName = `dispatch-solo-${source.version}-amd64.ova`
  const [path, sha256] = [join(folder, fileName), done.hash(ovaStep.name, fileName)]
  await mkdir(folder, { recursive: true })
  await publishFile(done.file(ovaStep.name, fileName), path)
  const { size: bytes } = await stat(path)
  const manifest = renderManifest({
    ...{ version: source.version, commit: source.commit, ova: { file: fileName, bytes, sha256 } },
    ...{ base: debian, tools: host.tools, accelerator: host.accelerator, images, steps: done.all() },
    debianPackages: await readFile(done.file(seal.name, seal.packages), 'utf8'),
    fetchedPackages: await readFile(done.file(baseTree.name, baseTree.packages), 'utf8'),
    npmLock: await readFile(join(repository, 'package-lock.json'), 'utf8'),
  })
  await writeAs(join(folder, 'manifest.json'), manifest)
  await writeAs(join(folder, 'SHA256SUMS'), `${sha256}  ${fileName}\n`)
  return { path, bytes, sha256 }
}

async function writeAs(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text)
  await rename(`${path}.new`, path)
}

export function renderSummary({ path, bytes, sha256 }: Product, tookMs: number): string {
  return [
    '',
    `${path}`,
    `  ${(bytes / 1e6).toFixed(1)} MB, sha256 ${sha256}, baked in ${Math.round(tookMs / 1000)} s`,
    '  Import: vSphere, Workstation, Fusion: Deploy OVF Template; VirtualBox: File > Import Appliance;',
    '          Proxmox VE: unpack the .ova, then qm importovf.',
    '  Boot it here: npm run boot        Test it: npm run test:boot',
  ].join('\n')
}
