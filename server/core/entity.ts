/** What every stored resource has in common, whatever its kind. */
import type { Clock, Ids } from './clock.ts'
import { secondsOf } from './clock.ts'
import { dispatchError } from './errors.ts'
import type { Status } from './status.ts'

export const kinds = [
  'BaseImage',
  'Image',
  'BuildRecord',
  'Function',
  'Source',
  'Secret',
  'API',
  'Subscription',
  'Driver',
  'DriverType',
  'Policy',
  'ServiceAccount',
  'Organization',
  'Token',
  'User',
  'Session',
] as const
export type Kind = (typeof kinds)[number]

export interface Tag {
  key: string
  value: string
}

/**
 * A resource is unique by (kind, org, name). `revision` counts its writes and guards against lost updates:
 * a new entity has 0, and the store answers every write with the next one. Times are Unix seconds.
 */
export interface Entity {
  id: string
  org: string
  name: string
  revision: number
  status: Status
  reason: string[] | null
  tags: Tag[] | null
  createdTimeSeconds: number
  modifiedTimeSeconds: number
}

/** Tags behave as a map on the wire: the last of equal keys wins, and none at all is null. */
export function normalizeTags(tags: { key?: string; value?: string }[] | undefined): Tag[] | null {
  const map = new Map((tags ?? []).map(tag => [tag.key ?? '', tag.value ?? '']))
  return map.size === 0 ? null : [...map].map(([key, value]) => ({ key, value }))
}

/** The common part of a new resource. */
export function createEntity(
  org: string,
  body: { name: string; tags?: { key?: string; value?: string }[] },
  from: Clock & Ids,
): Entity {
  const nowSeconds = secondsOf(from.nowNs())
  return {
    id: from.uuid(),
    org,
    name: body.name,
    revision: 0,
    status: 'INITIALIZED',
    reason: null,
    tags: normalizeTags(body.tags),
    createdTimeSeconds: nowSeconds,
    modifiedTimeSeconds: nowSeconds,
  }
}

/** A PUT names the resource in its path; a body that names another one is refused, for names never change. */
export function checkSameName(pathName: string, bodyName: string): void {
  if (pathName !== bodyName) throw dispatchError('NAME_DIFFERS', { pathName, bodyName })
}
