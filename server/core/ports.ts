/** What one domain needs of another, in the words of the one that needs it; wired together in app.ts. */
import type { FunctionRevision, Outcome, PieceListener, RuntimeImage } from './execution.ts'

/** What a version of a function gives to each call of it, and asks of it. */
export interface CallTerms {
  /** Names of the secrets that every run gets. */
  secrets: string[]
  /** 0: no limit. */
  timeoutMs: number
  /** null: anything goes. */
  schemaIn: unknown
  schemaOut: unknown
}

/** A function as a caller sees it at the moment of a call. */
export interface CallableFunction extends CallTerms {
  revision: FunctionRevision
  /** To be called when the call has ended: until then the revision is not cleared away. */
  release(): void
}

export interface FunctionReader {
  /** DispatchError NOT_FOUND, or NOT_READY while there is no version that can be called. */
  find(org: string, name: string): Promise<CallableFunction>
}

/** A call of a function that does not come by the REST API's own operation. */
export interface Call {
  org: string
  functionName: string
  /** undefined: none, which the function gets as null. */
  inputJson: string | undefined
  /** Each is put into the context that the function gets, and stands in its run. */
  httpContext?: object
  event?: object
  /** Names of secrets that it gets beside those of the function. */
  secrets?: string[]
}

export interface AwaitedCall extends Call {
  /**
   * Gets what the function gives piece by piece, before the call has ended. There are no pieces if the function returns its output
   * as a whole, and when that must fit a schema: then the outcome holds it.
   */
  onPiece?: PieceListener
  /** At most so long, if the function itself allows more. */
  timeoutMs?: number
}

export interface CallEnd {
  runName: string
  outcome: Outcome
}

/** Every call is a run; that of an event says that nobody waits for it. Both reject with DispatchError NOT_FOUND, NOT_READY, BUSY, DRAINING or DISK_FULL. */
export interface Invoker {
  /** Resolves when the call has ended and its run is recorded. */
  call(call: AwaitedCall): Promise<CallEnd>
  /** Resolves with the name of the run when it is on disk: from then on it is executed, or reported. */
  enqueue(call: Call): Promise<string>
}

/**
 * What becomes of a function's output: without it, JSON; `raw`: it says status, headers and body; `stream`: each piece as it comes;
 * `events`: each piece as a server-sent event.
 */
export const apiResponses = ['raw', 'stream', 'events'] as const
export type ApiResponse = (typeof apiResponses)[number]

/** Whom an API lets in. */
export type ApiAuthentication =
  /** `basic`: the secret maps users to passwords; `bearer`: each of its values is a token. It need not exist. */
  | { scheme: 'basic' | 'bearer'; secret: string }
  | { scheme: 'oidc'; issuer: string; audience: string }
  /** It says too little to check anybody. */
  | { scheme: 'unusable'; cause: string }

/** Of each client, in the long run; `burst` at once after a pause. */
export interface RateLimit {
  requests: number
  perSeconds: number
  burst: number
}

/** What an API says of the requests that it takes and of its answers. An empty list restricts nothing. */
export interface ApiRules {
  hosts: string[]
  /** Paths and patterns; without hosts they lie under the organization's own: `/ORG/...`. */
  uris: string[]
  /** In upper case. */
  methods: string[]
  /** A single one is the only one by which it is served. */
  protocols: string[]
  /** Name of a secret with a certificate for its hosts, which need not exist; '': none. */
  tls: string
  cors: boolean
  response?: ApiResponse
  /** Of a request; absent: the server's own limit. */
  maxBodyBytes?: number
  /** Of a call that its client waits for; absent: the function's own limit alone. */
  timeoutMs?: number
  rateLimit?: RateLimit
}

/** An API that is served, as far as the gateway goes by it. */
export interface ServedApi extends ApiRules {
  org: string
  name: string
  functionName: string
  /** undefined: anybody. */
  authentication?: ApiAuthentication
}

export interface ApiReader {
  /** Those of every organization. */
  list(): Promise<ServedApi[]>
  /** undefined when it is not served: it is switched off, being deleted, or not there. */
  find(org: string, name: string): Promise<ServedApi | undefined>
}

interface RunsOf {
  org: string
  functionName: string
  functionId: string
}

export interface RunRemover {
  /** Resolves when nobody sees a run of the function any more, also after a crash; calls of it may still be under way. */
  hideOfFunction(owner: RunsOf): Promise<void>
  /** The same, for a function that is not called any more: its runs are removed. */
  removeOfFunction(owner: RunsOf): Promise<void>
}

export interface SecretReader {
  /** Key and value pairs of the named secrets, later ones first in rank; DispatchError NOT_FOUND for a missing one. */
  read(org: string, names: string[]): Promise<Record<string, string>>
}

export type ImageState =
  | { state: 'absent' }
  | { state: 'pending' }
  | { state: 'error'; reason: string[] }
  | ({ state: 'ready' } & RuntimeImage)

export interface ImageReader {
  find(org: string, name: string): Promise<ImageState>
}

export interface ContentUser {
  /** Ids of the Docker images that functions are on, or still end their calls on. */
  dockerImages(): Promise<ReadonlySet<string>>
}

/** One structured line an event. Values are never secrets. */
export interface Log {
  info(fields: Record<string, unknown>, message: string): void
  warn(fields: Record<string, unknown>, message: string): void
  error(fields: Record<string, unknown>, message: string): void
}
