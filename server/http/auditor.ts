/** What is written down of a request of one operation, and when: before its answer, or together with others like it. */
import type { FastifyRequest } from 'fastify'
import { anyone, type Principal, permissionOf } from '../core/access.ts'
import { type Audit, type AuditEntry, type AuditMode, type AuditNote, peerText, userOf } from '../core/audit.ts'
import { isRecord } from '../core/json.ts'
import type { Operation, OperationRequest } from './operation.ts'
import { askedOrganization, type IsLocal, peerOf } from './parameters.ts'

export interface Auditor {
  /** Before anything is done. Throws AUDIT_UNWRITABLE. */
  begin(request: FastifyRequest, asked: OperationRequest): void
  /**
   * A promise where the answer has to wait. Once for each request: what was done stays as it was told, also when its answer
   * cannot be sent and becomes an error.
   */
  end(request: FastifyRequest, status: number): Promise<void> | undefined
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Of the object that it is about, as far as it is known. */
    auditedName?: string
    auditNote?: AuditNote
    isAudited?: boolean
  }
  interface FastifyContextConfig {
    auditor?: Auditor
  }
}

/** What clients write must not make lines long. */
const maxLength = 256
const cut = (text: string): string => text.slice(0, maxLength)

export const auditModeOf = ({ method, access, audit }: Operation): AuditMode =>
  audit ?? (method !== 'GET' ? 'each' : access === 'public' ? 'none' : 'counted')

/** The last variable part of the path. */
const nameInPath = (path: unknown): string | undefined => {
  const last = isRecord(path) ? Object.values(path).at(-1) : undefined
  return typeof last === 'string' ? last : undefined
}

/** A new object has no path yet. */
function nameOf({ auditedName }: Operation, asked: OperationRequest): string {
  if (auditedName) return auditedName(asked)
  const { path, body } = asked
  return nameInPath(path) ?? (isRecord(body) && typeof body.name === 'string' ? body.name : '')
}

/** undefined: a stranger, who may name as many organizations and objects as he likes, and say anything of himself. */
function findPrincipal({ access }: Operation, request: FastifyRequest, status: number): Principal | undefined {
  const known = request.auditNote?.principal ?? request.admission?.principal ?? request.principal
  return known ?? (access === 'public' && status < 400 ? anyone : undefined)
}

/** Of a stranger only what the operation has found to be there. */
function nameAsked(request: FastifyRequest, isKnown: boolean): string {
  const noted = request.auditNote?.name
  return noted ?? (isKnown ? (request.auditedName ?? nameInPath(request.params) ?? '') : '')
}

/** Without one nothing is written down. */
export function createAuditor(operation: Operation, audit: Audit, isLocal?: IsLocal): Auditor | undefined {
  const mode = auditModeOf(operation)
  if (mode === 'none') return undefined
  const { access, method, path } = operation
  const { resource } = typeof access === 'string' ? permissionOf(method, path) : access
  const entryOf = (request: FastifyRequest, status: number): AuditEntry => {
    const principal = findPrincipal(operation, request, status)
    return {
      requestId: request.id,
      kind: principal?.kind ?? 'unknown',
      user: principal ? userOf(principal) : '',
      peer: peerText(peerOf(request, isLocal)),
      operation: operation.id,
      resource,
      org: cut(request.admission?.org ?? (request.principal ? askedOrganization(operation, request).org : '')),
      name: cut(nameAsked(request, principal !== undefined)),
      status,
    }
  }
  return {
    begin: (request, asked) => {
      if (mode === 'each') audit.check()
      request.auditedName = nameOf(operation, asked)
    },
    end: (request, status) => {
      if (request.isAudited) return undefined
      request.isAudited = true
      const entry = entryOf(request, status)
      // What was refused has changed nothing; what failed may have, but not for a stranger.
      const isRefused = status >= 400 && (status < 500 || entry.kind === 'unknown')
      if (mode === 'each' && !isRefused) return audit.write(entry)
      audit.count(entry)
      return undefined
    },
  }
}
