/** Where the .ova comes from, as an in-toto statement with the predicate of SLSA provenance v1: inputs by hash, no times. */

import type { ListedPackage } from '../listed-package.ts'
import type { NpmModule } from '../steps/licences.ts'
import { debianUrl, npmUrl, sha512Of } from './package-url.ts'

export type Provenance = {
  readonly commit: string
  readonly base: { readonly name: string; readonly suite: string; readonly epoch: number }
  /** What was asked for on the command line. */
  readonly parameters: Readonly<Record<string, unknown>>
  /** What the machine that baked brought, which may change the result. */
  readonly tools: Readonly<Record<string, string>>
  /** File name to sha256. */
  readonly products: Readonly<Record<string, string>>
  readonly packages: readonly ListedPackage[]
  readonly modules: readonly NpmModule[]
}

const buildType = 'urn:dispatch-solo:bake:v1'
const builder = 'urn:dispatch-solo:packer/build.ts'

type Resource = { readonly uri: string; readonly digest?: Readonly<Record<string, string>> }

export function renderProvenance(facts: Provenance): string {
  const { commit, base, parameters, tools, products, packages, modules } = facts
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
          ...packages.map(entry => planDebian(entry, base)),
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

function planDebian(entry: ListedPackage, base: Provenance['base']): Resource {
  const uri = debianUrl(entry, base)
  return entry.sha256 ? { uri, digest: { sha256: entry.sha256 } } : { uri }
}

function planNpm(entry: NpmModule): Resource {
  const [uri, sha512] = [npmUrl(entry), sha512Of(entry)]
  return sha512 ? { uri, digest: { sha512 } } : { uri }
}
