/** The life-cycle states of a resource, as they appear on the wire. */
export const statuses = ['INITIALIZED', 'CREATING', 'READY', 'UPDATING', 'ERROR', 'DELETING'] as const
export type Status = (typeof statuses)[number]
