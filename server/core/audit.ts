/** What is written down of requests: who asked for what, and with which result. Never what they hold. */
import type { Peer, Principal } from './access.ts'

/**
 * How requests of an operation are written down. `each`: one by one, on disk before the answer; `counted`: equal ones of a
 * while together; `none`: not at all.
 */
export type AuditMode = 'each' | 'counted' | 'none'

export interface AuditEntry {
  requestId: string
  /** `unknown`: its credentials told nobody; `various`: too many different ones to tell them apart. */
  kind: Principal['kind'] | 'unknown' | 'various'
  /** As rules of policies name them; '' where there is nobody to name. */
  user: string
  /** Address of the other end; `local` for the local socket. */
  peer: string
  /** Id of the operation. */
  operation: string
  resource: string
  /** As the request named it, for what was refused too. */
  org: string
  name: string
  /** Of the answer. */
  status: number
}

/** What of a request is known only while it is handled. Nothing that somebody has merely typed: it may be a password. */
export interface AuditNote {
  /** Whom the request proved to come from, such as by a login. */
  principal?: Principal
  /** Of the object that it is about. */
  name?: string
}

export interface Audit {
  /** Throws AUDIT_UNWRITABLE as long as what was done cannot be written down. */
  check(): void
  /** Resolves when the entry is on disk, or known not to get there now: then it is tried again. Never rejects. */
  write(entry: AuditEntry): Promise<void>
  /** Equal entries may be told together, as so many. */
  count(entry: AuditEntry): void
}

/** `account` is told with its organization, for the same name may stand for another one elsewhere. */
export const userOf = ({ kind, subject, org }: Principal): string =>
  org !== undefined && (kind === 'account' || kind === 'driver') ? `${org}/${subject}` : subject

export const peerText = ({ isLocal, address }: Peer): string => (isLocal ? 'local' : address)
