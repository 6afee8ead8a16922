/** The port between the domains and the execution engine: what is run, and how a run can end. */

/** A Docker image on this machine that holds a Dispatch runtime for `language`. */
export interface RuntimeImage {
  dockerImage: string
  language: string
}

/** One immutable version of a function's code. `sourceDir` holds the unpacked code on this machine. */
export interface FunctionRevision extends RuntimeImage {
  revisionId: string
  functionId: string
  org: string
  name: string
  handler: string
  sourceDir: string
}

/** One call. JSON travels as text, so that numbers keep their literal form and nothing is parsed twice. */
export interface Invocation {
  /** JSON object handed to the function as its context. */
  contextJson: string
  /** JSON value handed to the function as its payload. */
  payloadJson: string
  /** Unix milliseconds at which the answer is due; absent: no limit. */
  deadlineMs?: number
}

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

export interface Execution {
  /** Declares the whole set of images that functions may use; pools are filled or given up accordingly. */
  setImages(images: RuntimeImage[]): void
  /**
   * Resolves once a worker has imported the handler. Rejects with FunctionLoadError when the code is at fault,
   * with any other error when the machine is.
   */
  load(revision: FunctionRevision): Promise<void>
  /** Ends the revision once its calls are done, or after `graceMs` all the same; harmless when it is not loaded. */
  unload(revisionId: string, graceMs?: number): Promise<void>
  /** Runs one call, loading the revision first when it is asleep. Never rejects: every end is an Outcome. */
  invoke(revision: FunctionRevision, invocation: Invocation): Promise<Outcome>
  /** Waits for calls in flight, at most `timeoutMs`, then removes every container of this server. */
  close(timeoutMs: number): Promise<void>
}
