/** Functions as callers see them: the FunctionReader port, from memory where a function was called before. */
import { dispatchError } from '../core/errors.ts'
import type { CallableFunction, FunctionReader } from '../core/ports.ts'
import type { Collection } from '../store/port.ts'
import type { Holds } from './holds.ts'
import { describeRevision } from './revision.ts'
import { type FunctionEntity, type SourceEntity, termsOf } from './schema.ts'

export interface FunctionReaderDependencies {
  functions: Collection<FunctionEntity>
  /** Their code. */
  archives: Pick<Collection<SourceEntity>, 'get'>
  holds: Holds
}

export interface CachedFunctionReader extends FunctionReader {
  /** To be called after each committed change to the function. */
  forget(org: string, name: string): void
}

type Callable = Omit<CallableFunction, 'release'>

const maxCached = 10_000

export function createFunctionReader(dependencies: FunctionReaderDependencies): CachedFunctionReader {
  const { functions, archives, holds } = dependencies
  const cached = new Map<string, Callable>()
  /** Counts what was forgotten: something read before must not be kept after. */
  let generation = 0

  async function read(org: string, name: string): Promise<Callable> {
    const begun = generation
    const entity = await functions.get(org, name)
    if (!entity || entity.status === 'DELETING') throw dispatchError('NOT_FOUND', { kind: 'function', name })
    // Whatever became of an update, the version that was READY before it goes on answering.
    if (!entity.active) throw dispatchError('NOT_READY', { name })
    const { active } = entity
    const callable = { revision: describeRevision(archives, entity, active), ...termsOf(entity, active) }
    if (cached.size >= maxCached) cached.clear()
    if (generation === begun) cached.set(keyOf(org, name), callable)
    return callable
  }

  return {
    find: async (org, name) => {
      const callable = cached.get(keyOf(org, name)) ?? (await read(org, name))
      const { functionId, revisionId } = callable.revision
      const letFunctionGo = holds.hold(functionId)
      const letRevisionGo = holds.hold(revisionId)
      const release = () => {
        letFunctionGo()
        letRevisionGo()
      }
      return { ...callable, release }
    },
    forget: (org, name) => {
      generation += 1
      cached.delete(keyOf(org, name))
    },
  }
}

/** A name has no slash in it, so that the last one is ours. */
const keyOf = (org: string, name: string): string => `${org}/${name}`
