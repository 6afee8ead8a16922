/** Carries out the plans for functions: unpack the code, have a worker import it, switch to it, clear the old away. */
import { access, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type Clock, msOf } from '../core/clock.ts'
import { messageOf } from '../core/errors.ts'
import { type Execution, FunctionLoadError, type FunctionRevision } from '../core/execution.ts'
import type { ImageReader, Log, RunRemover } from '../core/ports.ts'
import { keyOf, parseKey } from '../core/reconciler.ts'
import { settle } from '../core/settle.ts'
import type { Collection } from '../store/port.ts'
import type { Holds } from './holds.ts'
import { planFunction } from './plan.ts'
import { type ActiveVersion, type FunctionEntity, limitsOf, type SourceEntity } from './schema.ts'
import { SourceError, unpackSource } from './source.ts'

export interface FunctionDependencies {
  functions: Collection<FunctionEntity>
  sources: Collection<SourceEntity>
  images: ImageReader
  runs: RunRemover
  execution: Pick<Execution, 'load' | 'unload'>
  clock: Clock
  log: Log
  holds: Holds
  /** Has the function looked at again. */
  wake(key: string): void
  /** Holds one directory of unpacked code for each version. */
  functionsDir: string
  imageRegistry: string
  /** How long calls may go on after their function was deleted. */
  deleteGraceMs: number
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )

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
  limits: limitsOf(entity, version),
})

export function createFunctionReconcile(deps: FunctionDependencies): (key: string) => Promise<void> {
  const { functions, sources, execution, clock, holds, functionsDir } = deps

  const unpack = async (entity: FunctionEntity, version: ActiveVersion): Promise<void> => {
    const directory = join(functionsDir, version.faasId)
    if (await exists(directory)) return
    if (!version.sourceUrl.startsWith(sourceScheme)) {
      throw new SourceError(
        `store error when retrieving source: Received non-supported source url ${version.sourceUrl}`,
      )
    }
    const name = sourceNameOf(version.sourceUrl)
    // The code of another function may go away with that one.
    const source = entity.sourceNames.includes(name) ? await sources.get(entity.org, name) : undefined
    if (!source) throw new SourceError(`store error when retrieving source: source ${name} not found`)
    await unpackSource(Buffer.from(source.archiveBase64, 'base64'), directory)
  }

  const discard = async (faasId: string, graceMs?: number): Promise<void> => {
    await execution.unload(faasId, graceMs)
    await rm(join(functionsDir, faasId), { recursive: true, force: true })
  }

  /** Old versions that calls still use, by function. */
  const retiring = new Map<string, Set<string>>()

  /** Calls that still use the version may take as long as they like: nothing else waits for them. */
  const retire = ({ id }: FunctionEntity, faasId: string): void => {
    const siblings = retiring.get(id) ?? new Set()
    retiring.set(id, siblings.add(faasId))
    const fail = (thrown: unknown) =>
      deps.log.warn({ faasId, cause: messageOf(thrown) }, 'an old version of a function could not be cleared away')
    holds
      .released(faasId)
      .then(() => discard(faasId))
      .then(() => siblings.delete(faasId))
      .catch(fail)
  }

  /** The new version answers from the moment it is stored; only then does the old one drain away. */
  const switchTo = async (entity: FunctionEntity, version: ActiveVersion, functionImageUrl: string): Promise<void> => {
    const to: Partial<FunctionEntity> = { status: 'READY', reason: null, active: version, functionImageUrl }
    try {
      await settle(functions, clock, { entity, to })
    } catch (thrown) {
      await discard(version.faasId)
      throw thrown
    }
    if (entity.active && entity.active.faasId !== version.faasId) retire(entity, entity.active.faasId)
  }

  /** What belongs to earlier versions goes away, also when a crash came between; lost code comes back. */
  const tidy = async (entity: FunctionEntity, active: ActiveVersion): Promise<void> => {
    await unpack(entity, active)
    if (entity.status !== 'READY') return
    const kept = sourceNameOf(active.sourceUrl)
    for (const name of entity.sourceNames.filter(owned => owned !== kept)) await sources.remove(entity.org, name)
    await settle(functions, clock, { entity, to: { sourceNames: [kept] } })
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

  /** Calls under way get a grace, then they are ended: deleting must not wait for a call that never ends. */
  const remove = async (entity: FunctionEntity): Promise<void> => {
    const { id, org, name, active, wanted, modifiedTimeSeconds } = entity
    const graceEndMs = modifiedTimeSeconds * 1000 + deps.deleteGraceMs
    const leftMs = graceEndMs - msOf(clock.nowNs())
    if (holds.isHeld(id) && leftMs > 0) {
      void Promise.race([holds.released(id), pause(leftMs, undefined, { ref: false })]).then(() =>
        deps.wake(keyOf(entity)),
      )
      return
    }
    const versions = new Set([wanted.faasId, active?.faasId ?? wanted.faasId, ...(retiring.get(id) ?? [])])
    await Promise.all([...versions].map(faasId => discard(faasId, 0)))
    retiring.delete(id)
    // Every run is recorded by now, so that none is left behind by the removal.
    await holds.released(id)
    for (const source of entity.sourceNames) await sources.remove(org, source)
    await deps.runs.removeOfFunction({ org, functionName: name, functionId: id })
    await functions.remove(org, name)
  }

  return async key => {
    const { org, name } = parseKey(key)
    const entity = await functions.get(org, name)
    if (!entity) return
    const step = planFunction(entity, await deps.images.find(org, entity.wanted.image))
    if (step.do === 'build') await build(entity, step.version)
    if (step.do === 'fail') await settle(functions, clock, { entity, to: { status: 'ERROR', reason: [step.reason] } })
    if (step.do === 'remove') await remove(entity)
    if (step.do === 'nothing' && entity.active) await tidy(entity, entity.active)
  }
}
