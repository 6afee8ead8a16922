/** Reads the audit log: pages of it, the newest line first, and the check of its chain. */
import { setImmediate as immediate } from 'node:timers/promises'
import { type LogFile, type Verdict, verifyLog } from './chain.ts'
import type { AuditStorage } from './storage.ts'

export interface AuditQuery {
  limit: number
  /** Number of a line: keeps what is older. */
  before?: number | undefined
  /** In milliseconds since 1970: keeps what is newer. */
  sinceMs?: number | undefined
  /** As lists show who asked: by the name of a user or an account, else by what is known of them, such as `unknown`. */
  user?: string | undefined
  /** Of three digits, or `4xx` for all that begin so. */
  status?: string | undefined
  /** What each of these members must be. */
  members: Readonly<Record<string, string | undefined>>
}

interface Line {
  text: string
  value: Record<string, unknown>
}

/** undefined: somebody has spoilt it. */
function parse(text: string): Line | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { text, value: { ...value } } : undefined
  } catch {
    return undefined
  }
}

const isStatus = (status: unknown, wanted: string): boolean =>
  wanted.endsWith('xx') ? Math.floor(Number(status) / 100) === Number(wanted[0]) : status === Number(wanted)

const isWanted =
  ({ before, sinceMs, user, status, members }: AuditQuery) =>
  ({ value }: Line): boolean =>
    (before === undefined || Number(value.number) < before) &&
    (sinceMs === undefined || Date.parse(String(value.time)) > sinceMs) &&
    (user === undefined || (value.user || value.kind) === user) &&
    (status === undefined || isStatus(value.status, status)) &&
    Object.entries(members).every(([name, wanted]) => wanted === undefined || value[name] === wanted)

/** Lines as they stand in the log. Between files there is room for everybody else. */
export async function listLines(storage: AuditStorage, query: AuditQuery): Promise<Line[]> {
  const found: Line[] = []
  for (const name of (await storage.names()).toReversed()) {
    const lines = (await storage.read(name)).split('\n').slice(0, -1).toReversed()
    const kept = lines.flatMap(line => parse(line) ?? []).filter(isWanted(query))
    found.push(...kept.slice(0, query.limit - found.length))
    if (found.length >= query.limit) break
    await immediate()
  }
  return found
}

async function* readFiles(storage: AuditStorage): AsyncGenerator<LogFile> {
  for (const name of await storage.names()) {
    yield { name, text: await storage.read(name) }
    await immediate()
  }
}

async function verifyOnce(storage: AuditStorage): Promise<Verdict> {
  // First the head: lines that come meanwhile stand behind it.
  const headText = await storage.readHead()
  return verifyLog(readFiles(storage), { headText })
}

/** Files that go for their age meanwhile look like lines that somebody removed: what is wrong is so the second time too. */
export async function verifyStored(storage: AuditStorage): Promise<Verdict> {
  const verdict = await verifyOnce(storage)
  return verdict.fault ? verifyOnce(storage) : verdict
}
