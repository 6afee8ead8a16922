/** What is baked: this checkout, its version and commit, and the runtime images. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Shell } from './shell.ts'
import type { ImageArchive } from './steps/archives.ts'
import type { PayloadFile } from './steps/payload.ts'

export const repository = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')

export type Source = {
  readonly version: string
  readonly commit: string
  /** The runtime images that are part of the appliance. */
  readonly files: readonly PayloadFile[]
  /** Those that lie beside it. */
  readonly beside: readonly ImageArchive[]
}

type RuntimeFile = ImageArchive & { readonly inAppliance: boolean }

export async function loadSource(commit: string, images: readonly RuntimeFile[]): Promise<Source> {
  const manifest: unknown = JSON.parse(await readFile(join(repository, 'package.json'), 'utf8'))
  if (typeof manifest !== 'object' || !manifest || !('version' in manifest)) {
    throw new Error('package.json has no version')
  }
  return {
    version: String(manifest.version),
    commit,
    files: images
      .filter(({ inAppliance }) => inAppliance)
      .map(({ language, tar, sha256 }) => ({ source: tar, sha256, target: `var/tmp/runtimes/${language}.tar` })),
    beside: images.filter(({ inAppliance }) => !inAppliance),
  }
}

/** A copy without history is baked all the same, and says so. */
export async function loadCommit(shell: Shell): Promise<string> {
  const git = ['git', '-C', repository]
  const head = await shell.run([...git, 'rev-parse', 'HEAD']).catch(() => 'unknown')
  const changes = await shell.run([...git, 'status', '--porcelain', '--untracked-files=no']).catch(() => '')
  return `${head.trim()}${changes.trim() ? '-changed' : ''}`
}
