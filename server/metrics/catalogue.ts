/** Every metric of Dispatch as data: name, meaning, labels, and how its values are read from what the rooms have counted. */
import type { ExecutionStats, FunctionStats } from '../core/execution.ts'
import type { Tallied } from '../core/tally.ts'
import type { StoreStats } from '../store/port.ts'

/** What the runs have counted. */
export interface RunStats {
  languages: readonly { language: string; outcomes: Readonly<Record<string, number>>; seconds: Tallied }[]
  refused: number
  waiting: number
  underWay: number
  followers: number
}

/** What the event bus has counted. */
export interface EventStats {
  emitted: number
  tries: Readonly<Record<string, number>>
  seconds: Tallied
  waiting: number
  dead: number
  underWay: number
  held: number
  followers: number
}

/** What the gateway has counted. */
export interface GatewayStats {
  /** By HTTP status. */
  answers: Readonly<Record<string, number>>
  apis: number
}

/** Of the disk that has the server's data. */
export interface DiskSpace {
  freeBytes: number
  totalBytes: number
}

export interface Snapshot {
  runs: RunStats
  events: EventStats
  gateway: GatewayStats
  execution: ExecutionStats
  store: StoreStats
  /** Undefined where it cannot be told. */
  disk: DiskSpace | undefined
}

export type Labels = Record<string, string>

interface Named {
  name: string
  help: string
  labels: readonly string[]
}

export interface NumberMetric extends Named {
  type: 'counter' | 'gauge'
  read(snapshot: Snapshot): { labels: Labels; value: number }[]
}

export interface HistogramMetric extends Named {
  type: 'histogram'
  read(snapshot: Snapshot): { labels: Labels; tallied: Tallied }[]
}

export type Metric = NumberMetric | HistogramMetric

type Words = [name: string, help: string]

const number = (
  type: NumberMetric['type'],
  [name, help]: Words,
  read: (snapshot: Snapshot) => number,
): NumberMetric => ({
  ...{ type, name, help, labels: [] },
  read: snapshot => [{ labels: {}, value: read(snapshot) }],
})

const byLabel = (
  label: string,
  [name, help]: Words,
  read: (snapshot: Snapshot) => Readonly<Record<string, number>>,
): NumberMetric => ({
  ...{ type: 'counter', name, help, labels: [label] },
  read: snapshot => Object.entries(read(snapshot)).map(([key, value]) => ({ labels: { [label]: key }, value })),
})

const histogram = ([name, help]: Words, read: (snapshot: Snapshot) => Tallied): HistogramMetric => ({
  ...{ type: 'histogram', name, help, labels: [] },
  read: snapshot => [{ labels: {}, tallied: read(snapshot) }],
})

const sumOf = ({ execution }: Snapshot, pick: (stats: FunctionStats) => number): number =>
  execution.functions.reduce((sum, each) => sum + pick(each), 0)

const runs: Metric[] = [
  {
    ...{ type: 'counter', name: 'dispatch_runs_total', labels: ['language', 'outcome'] },
    help: 'Runs that ended and are recorded, but for those that the last stop interrupted.',
    read: ({ runs: { languages } }) =>
      languages.flatMap(({ language, outcomes }) =>
        Object.entries(outcomes).map(([outcome, value]) => ({ labels: { language, outcome }, value })),
      ),
  },
  {
    ...{ type: 'histogram', name: 'dispatch_run_duration_seconds', labels: ['language'] },
    help: 'Time from the acceptance of a run, or from its turn for one that nobody awaits, to its end.',
    read: ({ runs: { languages } }) =>
      languages.map(({ language, seconds }) => ({ labels: { language }, tallied: seconds })),
  },
  number(
    'counter',
    ['dispatch_runs_refused_total', 'Runs refused with 429; deliveries that find no room are not counted.'],
    snapshot => snapshot.runs.refused,
  ),
  number(
    'gauge',
    ['dispatch_runs_waiting', 'Accepted runs that nobody awaits and that wait for their turn.'],
    snapshot => snapshot.runs.waiting,
  ),
  number('gauge', ['dispatch_runs_under_way', 'Runs under way.'], snapshot => snapshot.runs.underWay),
  number('gauge', ['dispatch_log_followers', 'Readers that follow logs.'], snapshot => snapshot.runs.followers),
]

const engine: Metric[] = [
  byLabel(
    'outcome',
    ['dispatch_calls_total', 'Calls that the engine has ended or refused.'],
    snapshot => snapshot.execution.counters.calls,
  ),
  number('gauge', ['dispatch_calls_under_way', 'Calls that a worker has.'], snapshot =>
    sumOf(snapshot, each => each.busy),
  ),
  number('gauge', ['dispatch_calls_waiting', 'Calls that wait for a worker.'], snapshot =>
    sumOf(snapshot, each => each.waiting),
  ),
  number(
    'gauge',
    ['dispatch_workers', 'Places for workers that are taken: by one that is busy or idle, or by its start.'],
    snapshot => snapshot.execution.workers.used,
  ),
  number(
    'gauge',
    ['dispatch_workers_limit', 'Places for workers that there are.'],
    snapshot => snapshot.execution.workers.limit,
  ),
  number('gauge', ['dispatch_functions_warm', 'Functions that have a container.'], snapshot =>
    sumOf(snapshot, each => Number(each.warm)),
  ),
  byLabel(
    'start',
    [
      'dispatch_function_starts_total',
      'Containers that functions got: warm from a pool, cold when they had to be started.',
    ],
    ({ execution: { counters } }) => ({ cold: counters.coldStarts, warm: counters.warmStarts }),
  ),
  number(
    'counter',
    ['dispatch_containers_lost_total', 'Containers of functions that went away by themselves.'],
    snapshot => snapshot.execution.counters.lostContainers,
  ),
  {
    ...{ type: 'gauge', name: 'dispatch_pool_containers', labels: ['image', 'network', 'state'] },
    help: 'Generic containers of each pool, by the id of its Docker image: ready, or being started.',
    read: ({ execution: { pools } }) =>
      pools.flatMap(({ dockerImage: image, network, ready, starting }) => [
        { labels: { image, network, state: 'ready' }, value: ready },
        { labels: { image, network, state: 'starting' }, value: starting },
      ]),
  },
]

const gateway: Metric[] = [
  byLabel(
    'status',
    ['dispatch_gateway_answers_total', 'Answers of the API gateway, by HTTP status.'],
    snapshot => snapshot.gateway.answers,
  ),
  number('gauge', ['dispatch_gateway_apis', 'APIs that are served.'], snapshot => snapshot.gateway.apis),
]

const events: Metric[] = [
  number('counter', ['dispatch_events_total', 'Events that were taken in.'], snapshot => snapshot.events.emitted),
  byLabel(
    'outcome',
    ['dispatch_delivery_tries_total', 'Runs for events: delivered, failed and tried again, or dead.'],
    snapshot => snapshot.events.tries,
  ),
  histogram(
    [
      'dispatch_delivery_duration_seconds',
      'Time from the taking in of an event to the end of the run that delivered it.',
    ],
    snapshot => snapshot.events.seconds,
  ),
  number('gauge', ['dispatch_deliveries_waiting', 'Deliveries that wait.'], snapshot => snapshot.events.waiting),
  number('gauge', ['dispatch_deliveries_dead', 'Deliveries that were given up.'], snapshot => snapshot.events.dead),
  number('gauge', ['dispatch_deliveries_under_way', 'Deliveries under way.'], snapshot => snapshot.events.underWay),
  number(
    'gauge',
    ['dispatch_subscriptions_held', 'Subscriptions whose function is missing, not READY, or has no room.'],
    snapshot => snapshot.events.held,
  ),
  number('gauge', ['dispatch_event_followers', 'Readers that follow events.'], snapshot => snapshot.events.followers),
]

const store: Metric[] = [
  histogram(
    ['dispatch_store_commit_duration_seconds', 'Time that a commit took, the syncing to the disk included.'],
    snapshot => snapshot.store.commitSeconds,
  ),
  histogram(['dispatch_store_commit_writes', 'Writes that shared a commit.'], snapshot => snapshot.store.commitWrites),
]

const ofDisk = (words: Words, pick: (disk: DiskSpace) => number): NumberMetric => ({
  ...number('gauge', words, () => 0),
  read: ({ disk }) => (disk === undefined ? [] : [{ labels: {}, value: pick(disk) }]),
})

const disk: Metric[] = [
  ofDisk(
    ['dispatch_disk_free_bytes', "Room on the disk that has the server's data, for whoever is not root."],
    ({ freeBytes }) => freeBytes,
  ),
  ofDisk(['dispatch_disk_bytes', 'Size of that disk.'], ({ totalBytes }) => totalBytes),
]

export const catalogue: readonly Metric[] = [...runs, ...gateway, ...events, ...engine, ...store, ...disk]
