/** Owns what the engine is given and the numbers that it goes by, with their defaults. */
import type { Clock } from '../core/clock.ts'
import type { Docker } from '../docker/port.ts'

export const mebibyte = 1024 * 1024

export interface EngineLimits {
  /** Generic containers kept ready for each image. */
  poolSize: number
  /** Of them, of all images together. */
  maxPooled: number
  /** Containers of one image that are being started at the same time. */
  startsAtOnce: number
  /** A pool that is not empty waits so long before it replaces what was taken. */
  refillPauseMs: number
  /** Calls of one function that are answered at the same time, unless its own limits say otherwise. */
  concurrency: number
  /** Workers on this machine, of all functions together. */
  maxWorkers: number
  /** Calls that may wait for a worker, of one function and of all together, and for how long. */
  maxWaiting: number
  maxWaitingInAll: number
  /** Of their contexts and payloads, all functions together. */
  maxWaitingBytes: number
  waitMs: number
  /** When workers are short, one serves its function at least for so long before another function gets its place. */
  turnMs: number
  /** Workers beyond the first that had nothing to do for so long are ended. */
  workerIdleMs: number
  /** A function without a call for so long gives its container up. */
  idleMs: number
  startTimeoutMs: number
  loadTimeoutMs: number
  /** Of a container of an image of others: until it answers. */
  readyTimeoutMs: number
  /** For so long a call is tried again that its container refuses. */
  refusedMs: number
  /** Of its answers, from the first byte to the last. */
  bodyTimeoutMs: number
  /** Of a function's own Docker image: how long making it may take, and with how much memory. */
  buildTimeoutMs: number
  buildMemoryBytes: number
  /** How long the control process may take to say how a worker ended, before its container is thrown away. */
  graceMs: number
  /** At the end: of all containers. */
  removalMs: number
  /** How often Docker's containers are compared with those that the engine knows. */
  compareMs: number
  /** What is kept of each of stdout and stderr of one call. */
  logBytes: number
  outputBytes: number
  /** Of one of the pieces that a function gives one after the other. */
  pieceBytes: number
  /** What is recorded of pieces that went to a caller who asked for them. */
  recordedBytes: number
  memoryBytes: number
  /** What a container of an image of others may write, and the pause between two looks at that. */
  diskBytes: number
  diskCheckMs: number
  cpus: number
  maxProcesses: number
}

export const defaultLimits: EngineLimits = {
  poolSize: 2,
  maxPooled: 64,
  startsAtOnce: 2,
  refillPauseMs: 100,
  concurrency: 8,
  maxWorkers: 64,
  maxWaiting: 1000,
  maxWaitingInAll: 2000,
  maxWaitingBytes: 1024 * mebibyte,
  waitMs: 60_000,
  turnMs: 100,
  workerIdleMs: 30_000,
  idleMs: 10 * 60_000,
  startTimeoutMs: 180_000,
  loadTimeoutMs: 30_000,
  readyTimeoutMs: 60_000,
  refusedMs: 15_000,
  bodyTimeoutMs: 60_000,
  buildTimeoutMs: 10 * 60_000,
  buildMemoryBytes: 1024 * mebibyte,
  graceMs: 2_000,
  removalMs: 10_000,
  compareMs: 60_000,
  logBytes: mebibyte,
  outputBytes: 16 * mebibyte,
  pieceBytes: mebibyte,
  recordedBytes: 64 * 1024,
  memoryBytes: 512 * mebibyte,
  diskBytes: 4096 * mebibyte,
  diskCheckMs: 5_000,
  cpus: 1,
  maxProcesses: 256,
}

/** The part of a pino logger that the engine uses. */
export interface EngineLog {
  info(fields: object, text: string): void
  warn(fields: object, text: string): void
}

export interface EngineOptions {
  docker: Docker
  clock: Clock
  log: EngineLog
  /** Labels this server's containers; stable for a data directory, so that leftovers of a crash are recognized. */
  instanceId: string
  /** A fresh short name for a container and its directory. */
  newContainerId(): string
  /** First part of the references of Docker images that are built. */
  imageRegistry: string
  /** Holds a directory for each container; on this machine as Docker sees it. */
  containersDir: string
  /** The Node binary that is mounted into containers whose image has none. */
  nodePath: string
  limits: EngineLimits
}
