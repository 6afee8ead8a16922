/** The audit log while the server runs: entries share writes to the disk, and those that find no room wait for it. */
import type { Audit, AuditEntry } from '../core/audit.ts'
import { type Clock, msOf } from '../core/clock.ts'
import { dispatchError, messageOf } from '../core/errors.ts'
import type { Log } from '../core/ports.ts'
import { type CountedEntry, createCounts } from './counts.ts'
import type { AuditStorage } from './storage.ts'
import { openWriter, type Writer } from './writer.ts'

export interface AuditLog extends Audit {
  readonly storage: AuditStorage
  /** Writes what was counted and what waits, as far as there is room. */
  close(): Promise<void>
}

export interface AuditLogOptions {
  clock: Clock
  storage: AuditStorage
  log: Log
  /** Of 1 MiB each; the oldest go. */
  maxFiles: number
  /** How long equal entries are counted before they are told. */
  periodMs?: number
  retryMs?: number
}

const usualPeriodMs = 60_000
const usualRetryMs = 1000
const maxDifferent = 1000
/** So few that the log lasts for days, whatever they do. */
const maxDifferentStrangers = 20

const renderMembers = ({ timeNs, requestId, ...rest }: CountedEntry): object => ({
  time: new Date(msOf(timeNs)).toISOString(),
  ...rest,
  request: requestId,
})

interface Waiting {
  entry: CountedEntry
  settle(): void
}

/** One write at a time; what comes meanwhile shares the next one. */
function createQueue(writer: Writer, { log, retryMs = usualRetryMs }: AuditLogOptions) {
  let waiting: Waiting[] = []
  let writing: Promise<void> | undefined
  let cause: string | undefined

  const settleAll = (entries: Waiting[]): void => {
    for (const { settle } of entries) settle()
  }
  const fail = (thrown: unknown): void => {
    if (cause === undefined)
      log.error({ err: thrown }, 'the audit log cannot be written: changes are refused until it can')
    cause = messageOf(thrown)
    // Nobody waits for what is kept here: it was done, and is written down later.
    settleAll(waiting)
    setTimeout(() => void writeAll(), retryMs).unref()
  }
  const writeWaiting = async (): Promise<void> => {
    try {
      while (waiting.length > 0) {
        const batch = [...waiting]
        await writer.append(batch.map(({ entry }) => renderMembers(entry)))
        waiting = waiting.slice(batch.length)
        if (cause !== undefined) log.info({}, 'the audit log can be written again')
        cause = undefined
        settleAll(batch)
      }
    } catch (thrown) {
      fail(thrown)
    } finally {
      // In the same moment in which nothing was found waiting: what comes next begins anew.
      writing = undefined
    }
  }
  const writeAll = async (): Promise<void> => {
    if (waiting.length > 0) writing ??= writeWaiting()
    await writing
  }
  const add = (entry: CountedEntry): Promise<void> =>
    new Promise(settle => {
      waiting.push({ entry, settle })
      if (cause === undefined) void writeAll()
      else settle()
    })
  return { add, writeAll, cause: () => cause }
}

export async function openAuditLog(options: AuditLogOptions): Promise<AuditLog> {
  const { clock, storage, log, maxFiles, periodMs = usualPeriodMs } = options
  const { writer, loss } = await openWriter(storage, maxFiles)
  const tellHead = (): void => log.info({ ...writer.last }, 'the audit log ends with this line')
  if (loss !== undefined) log.error({ cause: loss }, 'the audit log was changed while the server was down')
  tellHead()
  const queue = createQueue(writer, options)
  const countsOf = (limit: number) => createCounts({ clock, tell: entry => void queue.add(entry), maxDifferent: limit })
  // Apart: whoever is let in is told by his name, whatever strangers do.
  const [known, strangers] = [countsOf(maxDifferent), countsOf(maxDifferentStrangers)]
  const flush = (): void => {
    known.flush()
    strangers.flush()
  }
  const timer = setInterval(() => queue.cause() === undefined && flush(), periodMs).unref()
  return {
    storage,
    check: () => {
      const cause = queue.cause()
      if (cause !== undefined) throw dispatchError('AUDIT_UNWRITABLE', { cause })
    },
    write: (entry: AuditEntry) => queue.add({ ...entry, timeNs: clock.nowNs(), count: 1 }),
    count: entry => (entry.kind === 'unknown' ? strangers : known).add(entry),
    close: async () => {
      clearInterval(timer)
      flush()
      await queue.writeAll()
      tellHead()
      await storage.close()
    },
  }
}
