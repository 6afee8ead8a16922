/** Functions as callers see them: the FunctionReader port. */
import { dispatchError } from '../core/errors.ts'
import type { FunctionReader } from '../core/ports.ts'
import type { Collection } from '../store/port.ts'
import type { Holds } from './holds.ts'
import { revisionOf } from './reconcile.ts'
import type { FunctionEntity } from './schema.ts'

export interface FunctionReaderDependencies {
  functions: Collection<FunctionEntity>
  functionsDir: string
  holds: Holds
}

export const createFunctionReader = ({
  functions,
  functionsDir,
  holds,
}: FunctionReaderDependencies): FunctionReader => ({
  find: async (org, name) => {
    const entity = await functions.get(org, name)
    if (!entity || entity.status === 'DELETING') throw dispatchError('NOT_FOUND', { kind: 'function', name })
    // Whatever became of an update, the version that was READY before it goes on answering.
    if (!entity.active) throw dispatchError('NOT_READY', { name })
    const { id, active, secrets, timeoutMs, schemaIn, schemaOut } = entity
    const held = [id, active.faasId].map(holds.hold)
    const release = () => held.forEach(letGo => void letGo())
    return { revision: revisionOf(entity, active, functionsDir), secrets, timeoutMs, schemaIn, schemaOut, release }
  },
})
