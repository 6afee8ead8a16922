/** A store that holds up who reads one kind of resource, and with that the loops that need it, until it is let go. */
import type { ExecutionContext } from 'ava'
import type { Kind } from '../../../../server/core/entity.ts'
import { createMemoryStore } from '../../../../server/store/memory.ts'
import type { Store } from '../../../../server/store/port.ts'
import { until } from '../../../helpers/wait.ts'

export interface GatedStore {
  store: Store
  /** Opens it when one more listens to the store's changes than when the app began, which is a request that waits. */
  openWhenAwaited(): Promise<void>
  /** To be called when the app has been made, so that the gate opens before that is drained. */
  openAtEnd(t: Pick<ExecutionContext, 'teardown'>): void
}

export function createGatedStore(gated: Kind): GatedStore {
  const { promise, resolve } = Promise.withResolvers<void>()
  const store = createMemoryStore()
  const collection: Store['collection'] = kind => {
    const entities = store.collection<never>(kind)
    if (kind !== gated) return entities
    return { ...entities, get: (org, name) => promise.then(() => entities.get(org, name)) }
  }
  let listeners = 0
  const onChange: Store['onChange'] = listener => {
    listeners += 1
    return store.onChange(listener)
  }
  const openWhenAwaited = async (): Promise<void> => {
    await until('a request waits for a removal', async () => listeners > 1)
    resolve()
  }
  return { store: { ...store, collection, onChange }, openWhenAwaited, openAtEnd: t => t.teardown(resolve) }
}
