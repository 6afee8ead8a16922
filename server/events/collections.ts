/** What the event service stores, and which of it depends on other resources. */
import type { Kind } from '../core/entity.ts'
import { keyOf } from '../core/reconciler.ts'
import type { Change, Collection, Store } from '../store/port.ts'
import type { Driver, DriverType } from './driver-schema.ts'
import type { Subscription } from './schema.ts'

export interface EventCollections {
  subscriptions: Collection<Subscription>
  drivers: Collection<Driver>
  driverTypes: Collection<DriverType>
}

export const openEventCollections = (store: Store): EventCollections => ({
  subscriptions: store.collection('Subscription'),
  drivers: store.collection('Driver'),
  driverTypes: store.collection('DriverType'),
})

export interface Dependent {
  kind: Kind
  key: string
}

/** What has to be looked at again after the change: subscriptions to a function, drivers that use a secret. */
export async function findDependents(
  { subscriptions, drivers }: EventCollections,
  { kind, org, name }: Change,
): Promise<Dependent[]> {
  if (kind === 'Function') {
    const concerned = (await subscriptions.list(org)).filter(({ functionName }) => functionName === name)
    return concerned.map(entity => ({ kind: 'Subscription', key: keyOf(entity) }))
  }
  if (kind === 'Secret') {
    const concerned = (await drivers.list(org)).filter(({ secrets }) => secrets.includes(name))
    return concerned.map(entity => ({ kind: 'Driver', key: keyOf(entity) }))
  }
  return []
}
