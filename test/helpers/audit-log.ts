/** An audit log of a test: its entries, what it tells its own log, and its lines. */
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { openAuditLog } from '../../server/audit/log.ts'
import { listLines } from '../../server/audit/reader.ts'
import type { AuditStorage } from '../../server/audit/storage.ts'
import type { AuditEntry } from '../../server/core/audit.ts'

export const clock = { nowNs: () => 1_795_522_195_002_000_000n }

export const entry = (name: string, more: Partial<AuditEntry> = {}): AuditEntry => ({
  ...{ requestId: 'r-1', kind: 'user', user: 'jon', peer: '10.0.0.1' },
  ...{ operation: 'addFunction', resource: 'function', org: 'dispatch', name, status: 201 },
  ...more,
})

export const stage = (storage: AuditStorage, maxFiles = 100) => {
  const told: string[] = []
  const log = pino({}, { write: line => void told.push(line) })
  return openAuditLog({ storage, clock, log, maxFiles, periodMs: 3_600_000, retryMs: 1 }).then(audit => ({
    audit,
    told,
  }))
}

export const read = async (storage: AuditStorage) =>
  (await listLines(storage, { limit: 1_000_000, members: {} })).map(line => line.value).toReversed()

export const temporary = () => mkdtemp(join(tmpdir(), 'dispatch-audit-'))
