/** Streams of what runs print: first what is recorded, then, for those who follow, what comes. */
import { dispatchError } from '../core/errors.ts'
import { heartbeat, toEventStream } from '../core/event-stream.ts'
import type { RunLogs } from '../core/execution.ts'
import type { RunOwner, RunRecord, RunStore } from '../store/port.ts'
import type { LiveRuns, NamedRun } from './live.ts'
import { type LogEvent, nothingTold, planRest, renderEvent } from './log-events.ts'
import { createMailbox } from './mailbox.ts'

export interface LogsDependencies {
  live: LiveRuns
  runs: RunStore
  /** The id of the function that has the name now. */
  functionIdOf(org: string, name: string): Promise<string | undefined>
  /** How long a stream that is followed is silent at most. */
  heartbeatMs?: number
}

export interface RunLogsQuery {
  org: string
  name: string
  /** Keeps only a run of this function. */
  functionName: string | undefined
  follow: boolean
}

export interface FunctionLogsQuery {
  org: string
  functionName: string
  /** Unix seconds; recorded runs that ended later are told too. */
  sinceSeconds: bigint | undefined
  follow: boolean
}

export interface Logs {
  /** Both reject with DispatchError NOT_FOUND, and BUSY when too many follow. */
  ofRun(query: RunLogsQuery): Promise<AsyncIterable<string>>
  ofFunction(query: FunctionLogsQuery): Promise<AsyncIterable<string>>
}

/** Of one reader, in characters: all that a run may print fits, unless its lines are very short. */
const mailboxWeight = 4 * 1024 * 1024
const usualHeartbeatMs = 15_000
/** Recorded runs that one answer tells. */
const maxRecords = 100

const hasEnded = ({ status }: RunRecord): boolean => status === 'READY' || status === 'ERROR'

function eventsOf(record: RunRecord): LogEvent[] {
  const { logs }: { logs?: RunLogs } = JSON.parse(record.body)
  const { name: run, status, modifiedNs: timeNs } = record
  return [...planRest(run, { logs, told: nothingTold, timeNs }), { type: 'end', run, status, timeNs }]
}

async function* renderRecords(records: RunRecord[]): AsyncGenerator<string> {
  for (const record of records) for (const event of eventsOf(record)) yield* renderEvent(event)
}

interface Following {
  pieces(): AsyncGenerator<string>
  leave(): void
  /** Those of which nothing is told and will be. To be asked once. */
  pickUntold(records: RunRecord[]): RunRecord[]
}

/** What a reader wants: all runs of a function, or the run of that name, whose function is not always known. */
interface Wanted {
  org: string
  functionName: string | undefined
  name?: string
}

const isOf = ({ org, functionName = '' }: Wanted, owner: RunOwner): boolean =>
  owner.org === org && (functionName === '' || owner.functionName === functionName)

const isWanted = (wanted: Wanted, run: NamedRun): boolean =>
  isOf(wanted, run) && (wanted.name === undefined || wanted.name === run.name)

interface FollowOptions {
  live: LiveRuns
  heartbeatMs: number
  /** A single run is followed until it is over. */
  wanted: Wanted
  /** Asked when the function goes, and at each heartbeat: nothing will come any more, though nobody told. */
  isGone(): Promise<boolean>
}

function follow({ live, heartbeatMs, wanted, isGone }: FollowOptions): Following {
  const mailbox = createMailbox(mailboxWeight)
  let ended: Set<string> | undefined = new Set()
  const leave = live.follow({
    wants: run => isWanted(wanted, run),
    tell: mailbox.put,
    over: ({ name }) => {
      ended?.add(name)
      if (wanted.name !== undefined) mailbox.close()
    },
    gone: owner => {
      if (isOf(wanted, owner)) mailbox.wake()
    },
    close: mailbox.close,
  })
  async function* pieces(): AsyncGenerator<string> {
    for (let events = await mailbox.take(heartbeatMs); events; events = await mailbox.take(heartbeatMs)) {
      if (events.length === 0 && (await isGone())) mailbox.close()
      else if (events.length === 0) yield heartbeat
      for (const event of events) yield* renderEvent(event)
    }
  }
  return {
    pieces,
    leave: () => {
      leave()
      mailbox.close()
    },
    pickUntold: records => {
      const untold = records.filter(({ name }) => !ended?.has(name) && !live.find(name))
      ended = undefined
      return untold
    },
  }
}

async function* inOrder(first: AsyncGenerator<string>, second: AsyncGenerator<string>): AsyncGenerator<string> {
  yield* first
  yield* second
}

const nobody = () => undefined

export function createLogs(dependencies: LogsDependencies): Logs {
  const { live, runs, functionIdOf, heartbeatMs = usualHeartbeatMs } = dependencies

  /** It waited, and went with its function. */
  const isGone = async ({ org, name }: RunLogsQuery): Promise<boolean> =>
    !live.find(name) && !(await runs.get(org, name))

  async function followRun(query: RunLogsQuery): Promise<AsyncIterable<string>> {
    // Listened to before it is looked up: whatever happens in between is told.
    const following = follow({ live, heartbeatMs, wanted: query, isGone: () => isGone(query) })
    try {
      const record = await findRun(query)
      const [ended] = following.pickUntold(record && hasEnded(record) ? [record] : [])
      if (!ended) return toEventStream(following.pieces(), following.leave)
      following.leave()
      return toEventStream(renderRecords([ended]), nobody)
    } catch (thrown) {
      following.leave()
      throw thrown
    }
  }

  /** Nothing for a run that is under way and not recorded; DispatchError NOT_FOUND when there is none. */
  async function findRun(query: RunLogsQuery): Promise<RunRecord | undefined> {
    const { org, name } = query
    const underWay = live.find(name)
    if (underWay && isWanted(query, underWay)) return undefined
    const record = await runs.get(org, name)
    if (!record || !isWanted(query, record)) throw dispatchError('NOT_FOUND', { kind: 'function run', name })
    return record
  }

  async function listRecords({ org, functionName, sinceSeconds }: FunctionLogsQuery): Promise<RunRecord[]> {
    const newestFirst = await runs.list({
      org,
      functionName,
      sinceSeconds,
      ended: true,
      limit: maxRecords,
    })
    return newestFirst.reverse()
  }

  async function findFunction({ org, functionName: name }: FunctionLogsQuery): Promise<string> {
    const functionId = await functionIdOf(org, name)
    if (functionId === undefined) throw dispatchError('NOT_FOUND', { kind: 'function', name })
    return functionId
  }

  async function followFunction(query: FunctionLogsQuery): Promise<AsyncIterable<string>> {
    const { org, functionName } = query
    let functionId: string | undefined
    // Another function of its name is a stream of its own.
    const isGone = async (): Promise<boolean> => (await functionIdOf(org, functionName)) !== functionId
    // As above: a function that goes before it is looked up is not found, one that goes afterwards is told.
    const following = follow({ live, heartbeatMs, wanted: { org, functionName }, isGone })
    try {
      functionId = await findFunction(query)
      const records = query.sinceSeconds === undefined ? [] : await listRecords(query)
      const before = renderRecords(following.pickUntold(records))
      return toEventStream(inOrder(before, following.pieces()), following.leave)
    } catch (thrown) {
      following.leave()
      throw thrown
    }
  }

  return {
    ofRun: async query => {
      if (query.follow) return followRun(query)
      const record = await findRun(query)
      return toEventStream(renderRecords(record && hasEnded(record) ? [record] : []), nobody)
    },
    ofFunction: async query => {
      if (query.follow) return followFunction(query)
      await findFunction(query)
      return toEventStream(renderRecords(await listRecords(query)), nobody)
    },
  }
}
