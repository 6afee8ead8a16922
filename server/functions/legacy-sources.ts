/** Code that was stored under a UUID, once for each version that it was sent for, gets its hash as its name. */
import type { Collection } from '../store/port.ts'
import { sourceNameOf, sourceUrlOf } from './revision.ts'
import type { FunctionEntity, FunctionVersion, SourceEntity } from './schema.ts'

export interface LegacyDependencies {
  functions: Pick<Collection<FunctionEntity>, 'update'>
  sources: Pick<Collection<SourceEntity>, 'get'>
  /** Resolves with the name under which the code is stored now. */
  store(org: string, archiveBase64: string): Promise<string>
}

const isHash = (name: string): boolean => /^[0-9a-f]{64}$/.test(name)

function renamed<Version extends FunctionVersion>(version: Version, names: ReadonlyMap<string, string>): Version {
  const name = names.get(sourceNameOf(version.sourceUrl) ?? '')
  return name === undefined ? version : { ...version, sourceUrl: sourceUrlOf(name), sourceSha256: name }
}

/** What the old names stand for is left to be removed as code that nothing uses. Safe to repeat. */
export async function renameSources(entity: FunctionEntity, deps: LegacyDependencies): Promise<void> {
  const { org, sourceNames, wanted, active } = entity
  const names = new Map<string, string>()
  for (const name of sourceNames.filter(each => !isHash(each))) {
    const source = await deps.sources.get(org, name)
    if (source) names.set(name, await deps.store(org, source.archiveBase64))
  }
  if (names.size === 0) return
  await deps.functions.update({
    ...entity,
    wanted: renamed(wanted, names),
    active: active && renamed(active, names),
    sourceNames: [...new Set(sourceNames.map(name => names.get(name) ?? name))],
  })
}
