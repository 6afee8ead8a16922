/** The port between the domains and the execution engine: what is run, and how a run can end. */

/**
 * How the server speaks with what runs in a container of an image. `worker`: with a runtime of ours, by frames; one container
 * answers for any code. `http`: with an image that others made, as the original did; each function is built into an image of its own.
 */
export type Contract = 'worker' | 'http'

/** A Docker image on this machine that functions are made from. */
export interface RuntimeImage {
  dockerImage: string
  language: string
  contract: Contract
}

/**
 * `egress`: out to other machines, those of the local network too, but not to this machine's addresses, link-local ones
 * (169.254.0.0/16), other functions, or Docker's other networks.
 */
export type NetworkKind = 'egress' | 'none'

/** What one function may use. What it does not say follows from the engine's own limits. */
export interface FunctionLimits {
  memoryBytes?: number
  /** Share of the machine's cores; 0.5 is half a core. */
  cpus?: number
  /** Calls answered at the same time. */
  concurrency?: number
  network?: NetworkKind
}

/** One immutable version of a function's code. */
export interface FunctionRevision extends RuntimeImage {
  revisionId: string
  functionId: string
  org: string
  name: string
  handler: string
  /**
   * Writes the code into the directory, readable for everybody. Rejects with FunctionLoadError when what is stored is no code, with
   * any other error when the machine is at fault.
   */
  placeCode(directory: string): Promise<void>
  limits: FunctionLimits
}

/** One value of the several that a function gives one after the other; `json` is the text of a JSON value. */
export type Piece = { type: 'text' | 'json'; text: string } | { type: 'bytes'; bytes: Buffer }

/**
 * Takes one piece at a time: the function does not go on before the promise resolves. False, or a rejection: nobody wants more, and
 * the function is told so.
 */
export type PieceListener = (piece: Piece) => Promise<boolean>

/** What a call is told of itself, and until when it has to answer. */
export interface InvocationTerms {
  /** JSON object handed to the function as its context. */
  contextJson: string
  /** Unix milliseconds at which the answer is due; absent: no limit. */
  deadlineMs?: number
}

/** One call of the run `id`. JSON travels as text, so that numbers keep their literal form and nothing is parsed twice. */
interface AnyInvocation {
  id: string
  /** JSON value handed to the function as its payload. */
  payloadJson: string
  /** Gets what the function gives piece by piece; the outcome then holds no more of it than its beginning. Absent: all of it. */
  onPiece?: PieceListener
}

/** Whoever makes the call waits for its end: its time runs already. */
export interface AwaitedInvocation extends AnyInvocation, InvocationTerms {}

/** Nobody waits for its end, and it is made again when no worker took it: BusyError then, also when the engine closes meanwhile. */
export interface PatientInvocation extends AnyInvocation {
  /** Called when a worker takes the call: only then its time begins. */
  begin(): InvocationTerms
}

export type Invocation = AwaitedInvocation | PatientInvocation

export type RunErrorType = 'InputError' | 'FunctionError' | 'SystemError'

export interface RunError {
  type: RunErrorType
  message: string
  stacktrace: string[] | null
}

/** Lines printed during the call; null where the stream stayed silent. */
export interface RunLogs {
  stdout: string[] | null
  stderr: string[] | null
}

/** `logs` are the lines printed by exactly this call, also when it failed. */
export type Outcome = { ok: true; outputJson: string; logs: RunLogs } | { ok: false; error: RunError; logs: RunLogs }

/** The code of a function cannot be loaded: the function's fault, shown as the reason of its ERROR status. */
export class FunctionLoadError extends Error {
  override readonly name = 'FunctionLoadError'
}

/** The call was not begun, because as many wait already as may: try again after so many seconds. */
export class BusyError extends Error {
  override readonly name = 'BusyError'
  readonly retryAfterSeconds: number

  constructor(message: string, retryAfterSeconds: number) {
    super(message)
    this.retryAfterSeconds = retryAfterSeconds
  }
}

export type LogStream = 'stdout' | 'stderr'

/** Gets whole lines as they are printed, each once. What comes last may be missing: the outcome's logs hold all of it. */
export type LineListener = (stream: LogStream, lines: string[]) => void

export interface PoolStats {
  dockerImage: string
  network: NetworkKind
  /** Generic containers that wait, and those being started. */
  ready: number
  starting: number
}

export interface FunctionStats {
  org: string
  name: string
  revisionId: string
  /** It has a container. */
  warm: boolean
  workers: number
  /** Calls under way, and calls that wait for a worker. */
  busy: number
  waiting: number
}

/** Since the server started. */
export interface ExecutionCounters {
  /** Containers that functions got: started while the function waited, or taken from a pool. */
  coldStarts: number
  warmStarts: number
  /** Containers of functions that went away by themselves. */
  lostContainers: number
  /** `busy`: refused, and awaited. Those that nobody waits for are made again. */
  calls: Record<'ok' | RunErrorType | 'busy', number>
}

export interface ExecutionStats {
  pools: PoolStats[]
  functions: FunctionStats[]
  workers: { used: number; limit: number }
  counters: ExecutionCounters
}

export interface Execution {
  /** Declares the whole set of images that functions may use; pools are filled or given up accordingly. */
  setImages(images: RuntimeImage[]): void
  /**
   * Of all revisions only these exist: what was made for others, and left behind by a crash, is removed. To be called once, before
   * any is loaded. Never rejects.
   */
  keepOnly(revisionIds: readonly string[]): Promise<void>
  /**
   * Resolves once a worker has imported the handler. Rejects with FunctionLoadError when the code is at fault,
   * with any other error when the machine is.
   */
  load(revision: FunctionRevision): Promise<void>
  /** So many calls of the revision are answered at the same time. */
  concurrencyOf(revision: FunctionRevision): number
  /** Ends the revision once its calls are done, or after `graceMs` all the same; harmless when it is not loaded. */
  unload(revisionId: string, graceMs?: number): Promise<void>
  /** Runs one call, loading the revision first when it is asleep. Rejects with BusyError only: every end is an Outcome. */
  invoke(revision: FunctionRevision, invocation: Invocation): Promise<Outcome>
  /**
   * Tells the lines of the run's call, from its first one, as soon as a worker has it and until it ends; nothing when it has ended.
   * One listener a run, until the returned function is called.
   */
  follow(runId: string, listener: LineListener): () => void
  /** Bytes of memory that the container of the revision needs now; undefined while it has none, or where nobody can tell. */
  memoryOf(revisionId: string): Promise<number | undefined>
  /** A snapshot for metrics. */
  stats(): ExecutionStats
  /** Waits for calls in flight, at most `timeoutMs`, then removes every container of this server. */
  close(timeoutMs: number): Promise<void>
}
