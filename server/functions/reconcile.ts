/** Carries out the plans for functions: have a worker import the code, switch to it, clear the old away. */
import { setTimeout as pause } from 'node:timers/promises'
import { type Clock, type Ids, msOf } from '../core/clock.ts'
import { messageOf } from '../core/errors.ts'
import { type Execution, FunctionLoadError } from '../core/execution.ts'
import { functionImageReference } from '../core/function-image.ts'
import type { ImageReader, Log, RunRemover } from '../core/ports.ts'
import { keyOf, parseKey } from '../core/reconciler.ts'
import { settle } from '../core/settle.ts'
import type { Collection } from '../store/port.ts'
import type { Holds } from './holds.ts'
import { planFunction, type Step, stayReason } from './plan.ts'
import type { Retiring } from './retiring.ts'
import { describeRevision, sourceNameOf } from './revision.ts'
import type { ActiveVersion, FunctionEntity, SourceEntity } from './schema.ts'
import type { Sources } from './sources.ts'

export interface FunctionDependencies {
  functions: Collection<FunctionEntity>
  /** Their code, to be read. */
  archives: Pick<Collection<SourceEntity>, 'get'>
  sources: Pick<Sources, 'removeUnused'>
  images: ImageReader
  runs: RunRemover
  execution: Pick<Execution, 'load' | 'unload'>
  clock: Clock
  ids: Pick<Ids, 'uuid'>
  log: Log
  holds: Holds
  retiring: Retiring
  /** Has the function looked at again. */
  wake(key: string): void
  imageRegistry: string
  /** How long calls may go on after their function was deleted. */
  deleteGraceMs: number
}

export interface FunctionReconcile {
  reconcile(key: string): Promise<void>
  /** The function has changed: what is being loaded for it is given up when it does not want that any more. */
  follow(key: string): Promise<void>
}

interface Loading {
  faasId: string
  /** Of the version that was wanted then. */
  wantedId: string
  givenUp: boolean
}

export function createFunctionReconcile(deps: FunctionDependencies): FunctionReconcile {
  const { functions, sources, execution, clock, holds, retiring } = deps
  const loading = new Map<string, Loading>()
  const urlOf = (faasId: string): string => functionImageReference(deps.imageRegistry, faasId)

  /** Calls that still use the version may take as long as they like: nothing else waits for them. */
  const retire = (entity: FunctionEntity, version: ActiveVersion): void => {
    const { faasId } = version
    retiring.add(entity.id, version)
    const fail = (thrown: unknown) =>
      deps.log.warn({ faasId, cause: messageOf(thrown) }, 'an old version of a function could not be cleared away')
    holds
      .released(faasId)
      .then(() => execution.unload(faasId))
      .then(() => retiring.remove(entity.id, faasId))
      .then(() => deps.wake(keyOf(entity)))
      .catch(fail)
  }

  /** The new version answers from the moment it is stored; only then does the old one drain away. */
  const switchTo = async (entity: FunctionEntity, version: ActiveVersion): Promise<void> => {
    const { faasId } = version
    const settled = { status: 'READY', reason: null, refused: null } as const
    const to = { ...settled, wanted: { ...entity.wanted, faasId }, active: version, functionImageUrl: urlOf(faasId) }
    try {
      await settle(functions, clock, { entity, to })
    } catch (thrown) {
      await execution.unload(faasId)
      throw thrown
    }
    if (entity.active && entity.active.faasId !== faasId) retire(entity, entity.active)
  }

  /** The code of earlier versions goes away, also when a crash came between. */
  const keep = async (entity: FunctionEntity, { version, reason }: Extract<Step, { do: 'keep' }>): Promise<void> => {
    const kept = new Set([version, ...retiring.list(entity.id)].map(({ sourceUrl }) => sourceNameOf(sourceUrl)))
    const { org, sourceNames } = entity
    const to = { sourceNames: sourceNames.filter(name => kept.has(name)), reason }
    await settle(functions, clock, { entity, to })
    const dropped = sourceNames.filter(name => !kept.has(name))
    await sources.removeUnused(org, dropped)
  }

  const follow = async (key: string): Promise<void> => {
    const entry = loading.get(key)
    if (!entry) return
    const { org, name } = parseKey(key)
    const entity = await functions.get(org, name)
    // It may be loaded by now, and in use.
    if (loading.get(key) !== entry) return
    if (entity?.wanted.faasId === entry.wantedId && entity.status !== 'DELETING') return
    entry.givenUp = true
    await execution.unload(entry.faasId, 0)
  }

  /** False: it was given up, and the change that did so has the function looked at again. */
  const load = async (entity: FunctionEntity, version: ActiveVersion): Promise<boolean> => {
    const key = keyOf(entity)
    const entry: Loading = { faasId: version.faasId, wantedId: entity.wanted.faasId, givenUp: false }
    loading.set(key, entry)
    const loaded = execution.load(describeRevision(deps.archives, entity, version))
    // It may have changed since it was read.
    const failure = await Promise.all([loaded, follow(key)]).then(
      () => undefined,
      thrown => ({ thrown }),
    )
    loading.delete(key)
    if (!failure && !entry.givenUp) return true
    await execution.unload(version.faasId)
    if (failure && !entry.givenUp) throw failure.thrown
    return false
  }

  /** `failed` says what becomes of the function when the code cannot be loaded there. */
  const bring = async (
    entity: FunctionEntity,
    version: ActiveVersion,
    failed: (cause: string) => { reason: string; to: Partial<FunctionEntity> },
  ): Promise<void> => {
    try {
      if (await load(entity, version)) await switchTo(entity, version)
    } catch (thrown) {
      if (!(thrown instanceof FunctionLoadError)) throw thrown
      const { reason, to } = failed(thrown.message)
      const refused = { dockerImage: version.dockerImage, reason }
      await settle(functions, clock, { entity, to: { ...to, reason: [reason], refused } })
    }
  }

  const build = (entity: FunctionEntity, version: ActiveVersion): Promise<void> =>
    bring(entity, version, cause => ({
      reason: `Error building image for function '${entity.id}': ${cause}`,
      to: { status: 'ERROR', functionImageUrl: urlOf(version.faasId) },
    }))

  /** Calls go on all the time, on the old content until the new version is there. */
  const move = (entity: FunctionEntity, version: ActiveVersion): Promise<void> =>
    bring(entity, { ...version, faasId: deps.ids.uuid() }, cause => ({
      reason: stayReason(version.image, cause),
      to: {},
    }))

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
    const versions = new Set([
      wanted.faasId,
      active?.faasId ?? wanted.faasId,
      ...retiring.list(id).map(({ faasId }) => faasId),
    ])
    const unload = () => Promise.all([...versions].map(faasId => execution.unload(faasId, 0)))
    await unload()
    retiring.forget(id)
    // Every run is recorded by now, so that none is left behind by the removal.
    await holds.released(id)
    // A call that was on its way then has loaded its version once more.
    await unload()
    await sources.removeUnused(org, entity.sourceNames, name)
    await deps.runs.removeOfFunction({ org, functionName: name, functionId: id })
    await functions.remove(org, name)
  }

  const reconcile = async (key: string): Promise<void> => {
    const { org, name } = parseKey(key)
    const entity = await functions.get(org, name)
    if (!entity) return
    const step = planFunction(entity, await deps.images.find(org, entity.wanted.image))
    if (step.do === 'build') await build(entity, step.version)
    if (step.do === 'move') await move(entity, step.version)
    if (step.do === 'fail') await settle(functions, clock, { entity, to: { status: 'ERROR', reason: [step.reason] } })
    if (step.do === 'remove') await remove(entity)
    if (step.do === 'keep') await keep(entity, step)
  }

  return { reconcile, follow }
}
