/** The life-cycle states of a resource, as they appear on the wire. */
export const statuses = ['INITIALIZED', 'CREATING', 'READY', 'UPDATING', 'ERROR', 'DELETING'] as const
export type Status = (typeof statuses)[number]

/** Of what has no life cycle: it is told only when something is wrong. */
export const renderFault = (entity: {
  status: Status
  reason: string[] | null
}): { status?: 'ERROR'; reason?: string[] } =>
  entity.status === 'ERROR' ? { status: 'ERROR', reason: entity.reason ?? [] } : {}
