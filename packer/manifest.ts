/** The build manifest: every input with its version and hash, what each step took, and what may differ between two bakes. */
import type { Base } from './bases/base.ts'
import { hashText } from './hash.ts'
import type { Finished } from './step.ts'

export type ManifestFacts = {
  readonly version: string
  readonly commit: string
  readonly ova: { readonly file: string; readonly bytes: number; readonly sha256: string }
  readonly base: Base
  readonly tools: Readonly<Record<string, string>>
  readonly accelerator: string
  readonly images: readonly object[]
  readonly steps: readonly Finished[]
  /** Lines of name, version, architecture, tab-separated. */
  readonly debianPackages: string
  readonly npmLock: string
}

/** Named so that a difference that is not in this list is known to be a fault. */
export const mayDiffer: readonly { what: string; why: string }[] = [
  {
    what: 'Debian packages, and with them the .ova',
    why: "the archive's current release and security updates are installed; their versions are listed here",
  },
  { what: 'steps[].tookMs, steps[].cached in this file', why: 'times and the cache of the machine that baked' },
  {
    what: 'outputs of the steps base-tree and bake',
    why: "they hold that run's host keys, logs and ids, which seal drops",
  },
]

export function renderManifest(facts: ManifestFacts): string {
  const { base, debianPackages, npmLock, images, steps, ...rest } = facts
  const manifest = {
    product: 'dispatch-solo',
    ...rest,
    base: { name: base.name, suite: base.suite, architecture: base.architecture, epoch: base.epoch },
    mayDiffer,
    runtimeImages: images.map(withoutPath),
    debianPackages: parsePackages(debianPackages),
    npmLock: hashText(npmLock),
    npmPackages: parseLock(npmLock),
    steps: steps.map(({ name, inputs, outputs, cached, tookMs }) => ({
      ...{ name, cached, tookMs: Math.round(tookMs), inputs, outputs },
    })),
  }
  return `${JSON.stringify(manifest, undefined, 2)}\n`
}

/** Where an archive lies on the machine that baked is no property of it. */
function withoutPath(image: object): object {
  return Object.fromEntries(Object.entries(image).filter(([name]) => name !== 'tar'))
}

export function parsePackages(list: string): { name: string; version: string; architecture: string }[] {
  const rows = list.split('\n').filter(line => line !== '')
  return rows.map(line => {
    const [name = '', version = '', architecture = ''] = line.split('\t')
    return { name, version, architecture }
  })
}

/** Module path in the lock file to version and integrity; bundles are made of some of them. */
export function parseLock(lock: string): Record<string, string> {
  const value: unknown = JSON.parse(lock)
  if (typeof value !== 'object' || !value || !('packages' in value)) return {}
  const modules = Object.entries(value.packages ?? {}).filter(([path]) => path !== '')
  return Object.fromEntries(modules.map(([path, entry]) => [path, renderModule(entry)]))
}

function renderModule(entry: unknown): string {
  if (typeof entry !== 'object' || !entry) return ''
  const fields: Readonly<Record<string, unknown>> = { ...entry }
  return [fields.version, fields.integrity].filter(text => typeof text === 'string').join(' ')
}
