/** What every stored resource has in common, whatever its kind. */
import type { Status } from './status.ts'

export const kinds = ['BaseImage', 'Image', 'Function', 'Source', 'Secret'] as const
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
