/** Where the .ova comes from, as an in-toto statement with the predicate of SLSA provenance v1: inputs by hash, no times. */

import type { Medium } from '../bases/base.ts'
import type { NpmModule } from '../steps/licences.ts'
import type { NamedPackage } from './materials.ts'
import { npmUrl, sha512Of } from './package-url.ts'

export type Provenance = {
  readonly commit: string
  readonly base: { readonly name: string; readonly suite: string; readonly epoch: number }
  /** What was asked for on the command line. */
  readonly parameters: Readonly<Record<string, unknown>>
  /** What the machine that baked brought, which may change the result. */
  readonly tools: Readonly<Record<string, string>>
  /** File name to sha256. */
  readonly products: Readonly<Record<string, string>>
  readonly packages: readonly NamedPackage[]
  readonly modules: readonly NpmModule[]
  /** What the guest started from, where that was none of our own disks. */
  readonly medium?: Medium
}

const buildType = 'urn:dispatch-solo:bake:v1'
const builder = 'urn:dispatch-solo:packer/build.ts'

type Resource = { readonly uri: string; readonly digest?: Readonly<Record<string, string>> }

export function renderProvenance(facts: Provenance): string {
  const { commit, base, parameters, tools, products, packages, modules, medium } = facts
  const statement = {
    _type: 'https://in-toto.io/Statement/v1',
    subject: Object.entries(products).map(([name, sha256]) => ({ name, digest: { sha256 } })),
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {
      buildDefinition: {
        buildType,
        externalParameters: { base: base.name, suite: base.suite, ...parameters },
        internalParameters: { sourceDateEpoch: base.epoch, tools },
        resolvedDependencies: [
          planCommit(commit),
          ...(medium ? [planMedium(medium)] : []),
          ...packages.map(planPackage),
          ...modules.map(planNpm),
        ],
      },
      runDetails: { builder: { id: builder } },
    },
  }
  return `${JSON.stringify(statement, undefined, 2)}\n`
}

/** A checkout with changes has no commit that would give the same again. */
function planCommit(commit: string): Resource {
  return /^[0-9a-f]{40}$/.test(commit)
    ? { uri: 'git+file:.', digest: { gitCommit: commit } }
    : { uri: `git+file:.#${commit}` }
}

function planPackage({ url: uri, sha256 }: NamedPackage): Resource {
  return sha256 ? { uri, digest: { sha256 } } : { uri }
}

/** A checksum that only says where it is published is none. */
function planMedium({ url: uri, checksum }: Medium): Resource {
  const [, algorithm = '', hex] = /^(sha256|sha512):([0-9a-f]+)$/.exec(checksum) ?? []
  return hex ? { uri, digest: { [algorithm]: hex } } : { uri }
}

function planNpm(entry: NpmModule): Resource {
  const [uri, sha512] = [npmUrl(entry), sha512Of(entry)]
  return sha512 ? { uri, digest: { sha512 } } : { uri }
}
