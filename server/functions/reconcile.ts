/** Carries out the plans for functions: unpack the code, have a worker import it, switch to it, clear the old away. */
import { access, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '../core/clock.ts'
import { type Execution, FunctionLoadError, type FunctionRevision } from '../core/execution.ts'
import type { ImageReader, RunRemover } from '../core/ports.ts'
import { parseKey } from '../core/reconciler.ts'
import { settle } from '../core/settle.ts'
import type { Collection } from '../store/port.ts'
import { planFunction } from './plan.ts'
import type { ActiveVersion, FunctionEntity, SourceEntity } from './schema.ts'
import { SourceError, unpackSource } from './source.ts'

export interface FunctionDependencies {
  functions: Collection<FunctionEntity>
  sources: Collection<SourceEntity>
  images: ImageReader
  runs: RunRemover
  execution: Pick<Execution, 'load' | 'unload'>
  clock: Clock
  /** Holds one directory of unpacked code for each version. */
  functionsDir: string
  imageRegistry: string
}

export const sourceScheme = 'es://'
const sourceNameOf = (sourceUrl: string): string => sourceUrl.slice(sourceScheme.length)

export const revisionOf = (entity: FunctionEntity, version: ActiveVersion, functionsDir: string): FunctionRevision => ({
  revisionId: version.faasId,
  functionId: entity.id,
  org: entity.org,
  name: entity.name,
  handler: version.handler,
  dockerImage: version.dockerImage,
  language: version.language,
  sourceDir: join(functionsDir, version.faasId),
})

export function createFunctionReconcile(deps: FunctionDependencies): (key: string) => Promise<void> {
  const { functions, sources, execution, clock, functionsDir } = deps

  const unpack = async (entity: FunctionEntity, version: ActiveVersion): Promise<void> => {
    const directory = join(functionsDir, version.faasId)
    if (
      await access(directory).then(
        () => true,
        () => false,
      )
    )
      return
    if (!version.sourceUrl.startsWith(sourceScheme)) {
      throw new SourceError(
        `store error when retrieving source: Received non-supported source url ${version.sourceUrl}`,
      )
    }
    const name = sourceNameOf(version.sourceUrl)
    const source = await sources.get(entity.org, name)
    if (!source) throw new SourceError(`store error when retrieving source: source ${name} not found`)
    await unpackSource(Buffer.from(source.archiveBase64, 'base64'), directory)
  }

  const discard = async (faasId: string): Promise<void> => {
    await execution.unload(faasId)
    await rm(join(functionsDir, faasId), { recursive: true, force: true })
  }

  const clear = async (entity: FunctionEntity, kept: ActiveVersion | null): Promise<void> => {
    const keptSource = kept && sourceNameOf(kept.sourceUrl)
    for (const name of entity.sourceNames.filter(owned => owned !== keptSource)) await sources.remove(entity.org, name)
    if (entity.active && entity.active.faasId !== kept?.faasId) await discard(entity.active.faasId)
  }

  /** The new version answers from the moment it is stored; only then does the old one drain away. */
  const switchTo = async (entity: FunctionEntity, version: ActiveVersion, functionImageUrl: string): Promise<void> => {
    const sourceNames = [sourceNameOf(version.sourceUrl)]
    const to: Partial<FunctionEntity> = {
      status: 'READY',
      reason: null,
      active: version,
      functionImageUrl,
      sourceNames,
    }
    try {
      await settle(functions, clock, { entity, to })
    } catch (thrown) {
      await discard(version.faasId)
      throw thrown
    }
    await clear(entity, version)
  }

  const build = async (entity: FunctionEntity, version: ActiveVersion): Promise<void> => {
    const functionImageUrl = `${deps.imageRegistry}/func-${version.faasId}:latest`
    try {
      await unpack(entity, version)
      await execution.load(revisionOf(entity, version, functionsDir))
    } catch (thrown) {
      await discard(version.faasId)
      if (!(thrown instanceof FunctionLoadError || thrown instanceof SourceError)) throw thrown
      const reason = [`Error building image for function '${entity.id}': ${thrown.message}`]
      return settle(functions, clock, { entity, to: { status: 'ERROR', reason, functionImageUrl } })
    }
    await switchTo(entity, version, functionImageUrl)
  }

  const remove = async (entity: FunctionEntity): Promise<void> => {
    await clear(entity, null)
    await rm(join(functionsDir, entity.wanted.faasId), { recursive: true, force: true })
    await deps.runs.removeOfFunction(entity.org, entity.name)
    await functions.remove(entity.org, entity.name)
  }

  return async key => {
    const { org, name } = parseKey(key)
    const entity = await functions.get(org, name)
    if (!entity) return
    const step = planFunction(entity, await deps.images.find(org, entity.wanted.image))
    if (step.do === 'build') await build(entity, step.version)
    if (step.do === 'fail') await settle(functions, clock, { entity, to: { status: 'ERROR', reason: [step.reason] } })
    if (step.do === 'remove') await remove(entity)
    if (step.do === 'nothing' && entity.active) await unpack(entity, entity.active)
  }
}
