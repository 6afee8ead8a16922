/** The build manifest: every input with its version and hash, what each step took, and what may differ between two bakes. */
import type { Base } from '../bases/base.ts'
import { hashText } from '../hash.ts'
import type { ListedPackage } from '../listed-package.ts'
import type { Drift } from '../lock.ts'
import type { Finished } from '../step.ts'

export type ManifestFacts = {
  readonly version: string
  readonly commit: string
  readonly ova: { readonly file: string; readonly bytes: number; readonly sha256: string }
  readonly base: Base
  readonly tools: Readonly<Record<string, string>>
  readonly accelerator: string
  readonly images: readonly object[]
  readonly steps: readonly Finished[]
  readonly debianPackages: readonly ListedPackage[]
  /** Where the packages are not those of the lock. */
  readonly drift: readonly Drift[]
  readonly npmLock: string
}

/** Named so that a difference that is not in this list is known to be a fault. */
export const mayDiffer: readonly { what: string; why: string }[] = [
  {
    what: 'debianPackages, runtimeImages, steps[].inputs.archive, and with them the .ova and every later input and output',
    why: "the release and the security updates that Debian's archive had on that day are installed; their versions are here",
  },
  {
    what: 'outputs of base-tree, base-disk and bake; so inputs.tree of base-disk, inputs.disk of bake, inputs.guest of seal',
    why: "they hold what one installation and one run of a guest leave: caches, logs, ids, Docker's random names; seal drops them",
  },
  {
    what: 'tools, and the inputs mmdebstrap, packer, qemu, qemu-img, strip, e2fsprogs, grub, mtools and sgdisk of the steps',
    why: 'versions on the machine that baked; those of strip, e2fsprogs, grub, mtools and sgdisk can change the disk, and so the .ova',
  },
  { what: 'accelerator', why: 'whether the machine that baked had a usable KVM; nothing in the .ova depends on it' },
  { what: 'steps[].tookMs, steps[].cached', why: 'times and the cache of the machine that baked' },
]

export function renderManifest(facts: ManifestFacts): string {
  const { base, debianPackages, drift, npmLock, images, steps, ...rest } = facts
  const manifest = {
    product: 'dispatch-solo',
    ...rest,
    base: { name: base.name, suite: base.suite, architecture: base.architecture, epoch: base.epoch },
    mayDiffer,
    runtimeImages: images.map(withoutPath),
    debianPackages,
    drift,
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
