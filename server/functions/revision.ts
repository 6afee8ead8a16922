/** A version of a function as the engine takes it. */
import { createHash } from 'node:crypto'
import { isEntry } from '../core/errors.ts'
import { FunctionLoadError, type FunctionRevision } from '../core/execution.ts'
import type { Collection } from '../store/port.ts'
import { type ActiveVersion, type FunctionEntity, limitsOf, type SourceEntity } from './schema.ts'
import { unpackSource } from './source.ts'

const scheme = 'es://'
export const sourceUrlOf = (sourceName: string): string => `${scheme}${sourceName}`
/** What stands behind any other URL is not ours to fetch. */
export const sourceNameOf = (sourceUrl: string): string | undefined =>
  sourceUrl.startsWith(scheme) ? sourceUrl.slice(scheme.length) : undefined

/** Of the gzipped tar, in hex: the name under which it is stored, and what clients compare. */
export const sha256Of = (archiveBase64: string): string =>
  createHash('sha256').update(Buffer.from(archiveBase64, 'base64')).digest('hex')

const cannotRetrieve = (cause: string) => new FunctionLoadError(`store error when retrieving source: ${cause}`)

/** Users know functions, and no sources. */
function tellSealed(thrown: unknown): never {
  if (!isEntry(thrown, 'SEAL_BROKEN')) throw thrown
  const advice =
    'put the database and its key file back from a backup, or send the code again with dispatch update function'
  throw new Error(`its code cannot be opened: it was sealed with a key that is gone, or is damaged; ${advice}`, {
    cause: thrown,
  })
}

export function describeRevision(
  sources: Pick<Collection<SourceEntity>, 'get'>,
  entity: FunctionEntity,
  version: ActiveVersion,
): FunctionRevision {
  const { id, org, name, sourceNames } = entity
  const { faasId, handler, dockerImage, language, contract = 'worker', sourceUrl } = version
  const placeCode = async (directory: string): Promise<void> => {
    const sourceName = sourceNameOf(sourceUrl)
    if (sourceName === undefined) throw cannotRetrieve(`Received non-supported source url ${sourceUrl}`)
    // The code of another function may go away with that one.
    const source = sourceNames.includes(sourceName) ? await sources.get(org, sourceName).catch(tellSealed) : undefined
    if (!source) throw cannotRetrieve(`source ${sourceName} not found`)
    await unpackSource(Buffer.from(source.archiveBase64, 'base64'), directory)
  }
  const limits = limitsOf(entity, version)
  const image = { dockerImage, language, contract }
  return { revisionId: faasId, functionId: id, org, name, handler, ...image, limits, placeCode }
}

/** The ids of all versions that may still be called or built. */
export const versionsOf = (entities: readonly FunctionEntity[]): string[] =>
  entities.flatMap(({ wanted, active }) => [wanted.faasId, ...(active ? [active.faasId] : [])])
