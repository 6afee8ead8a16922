/** Decides what the Docker image of an image holds: its base as it is, or what a build adds to it. Pure. */
import { createHash } from 'node:crypto'
import { dockerLabel } from '../core/docker-labels.ts'
import type { Contract } from '../core/execution.ts'
import type { DockerImage } from '../docker/port.ts'
import type { Image } from './schema.ts'

export type SystemPackage = Image['systemPackages'][number]

/** What is put on which base; the same for every image that wants the same. */
export interface BuildRequest {
  /** Of all that the content follows from. */
  hash: string
  contract: Contract
  base: Base
  manifest: string
  systemPackages: SystemPackage[]
}

export interface Base {
  /** Name by which Docker was asked. */
  reference: string
  dockerImage: DockerImage
}

export type Content =
  | { kind: 'base' }
  | { kind: 'build'; request: BuildRequest }
  | { kind: 'impossible'; reason: string }

export type Additions = Pick<Image, 'manifest' | 'systemPackages'>

/** To be raised when the same request is built in another way, so that all images are built anew. */
const buildVersion = 1

/** Of a runtime of ours; undefined for what others made. */
export const languageOf = ({ labels }: DockerImage): string | undefined => labels[dockerLabel('language')]

export const contractOf = (dockerImage: DockerImage): Contract => (languageOf(dockerImage) ? 'worker' : 'http')

export function planContent({ manifest, systemPackages }: Additions, base: Base): Content {
  const contract = contractOf(base.dockerImage)
  const fault = systemPackages.map(systemPackage => faultOf(systemPackage, contract)).find(Boolean)
  if (fault !== undefined) return { kind: 'impossible', reason: fault }
  const isHeld = systemPackages.length === 0 && holdsAll(base.dockerImage, manifest)
  if (contract === 'worker' && isHeld) return { kind: 'base' }
  const hash = createHash('sha256')
    .update(JSON.stringify([buildVersion, contract, base.dockerImage.id, manifest, systemPackages]))
    .digest('hex')
  return { kind: 'build', request: { hash, contract, base, manifest, systemPackages } }
}

/** Whether each line of the manifest names a package, with or without its version, which the runtime's own label lists. */
function holdsAll({ labels }: DockerImage, manifest: string): boolean {
  const held = parsePackages(labels[dockerLabel('packages')])
  const met = new Set(held.flatMap(([name, version]) => [name, `${name}==${version}`]))
  const lines = manifest.split('\n').map(line => line.trim())
  return lines.filter(Boolean).every(line => met.has(line))
}

/** Empty when it cannot be read: then a build finds out what is there. */
function parsePackages(label = '{}'): [name: string, version: unknown][] {
  try {
    return Object.entries(JSON.parse(label) ?? {})
  } catch {
    return []
  }
}

/** Of Debian: the policy manual, 5.6.1 and 5.6.12; a name may carry an architecture. */
const namePattern = /^[a-z0-9][a-z0-9+.-]*(:[a-z0-9-]+)?$/
const versionPattern = /^[A-Za-z0-9.+~:-]+$/

/** The words are those of the original, whose Dockerfiles need a version. */
function faultOf({ name, version = '' }: SystemPackage, contract: Contract): string | undefined {
  const refuse = (why: string) =>
    `failed to write packages file system-packages.txt: invalid system package: ${why}, name='${name}', version='${version}'`
  if (contract === 'http' && (name === '' || version === '')) return refuse('empty name or version')
  if (contract === 'http') return /\s/.test(name + version) ? refuse('blank in name or version') : undefined
  if (!namePattern.test(name)) return refuse('no name of a Debian package')
  if (version !== '' && !versionPattern.test(version)) return refuse('no version of a Debian package')
  return undefined
}

/** The file that installers read, one line a package. */
export const renderSystemPackages = ({ contract, systemPackages }: BuildRequest): string => {
  const separator = contract === 'http' ? ' ' : '='
  return systemPackages.map(({ name, version }) => `${name}${version ? separator + version : ''}\n`).join('')
}
