/** The calls that one worker has: which are under way, and what becomes of those that are late. */
import type { AwaitedInvocation, Piece } from '../core/execution.ts'
import type { Connection } from './connection.ts'
import type { CallError, FromRuntime } from './messages.ts'
import type { ProcessEnd } from './outcomes.ts'

/** How a worker ended; `lost` when its whole container is gone. */
export type WorkerEnd = { kind: 'exited'; end: ProcessEnd; logs: Buffer[] } | { kind: 'lost'; reason: string }

/** `unreached`: the function has certainly not run. */
export type CallEnd =
  | { kind: 'result'; output: Buffer; error: CallError | undefined; logs: Buffer[] }
  | { kind: 'unreached'; reason: string }
  | WorkerEnd

export type CallRequest = Pick<AwaitedInvocation, 'contextJson' | 'payloadJson' | 'onPiece'>

export interface CallsOptions {
  send: Connection['send']
  /** How long the worker may take to answer for a call that was cancelled. */
  graceMs: number
  pieceBytes: number
  /** It did not: something in it holds everything up. */
  onDeaf(): void
}

export interface Calls {
  begin(request: CallRequest): Promise<CallEnd>
  /** Ends the call with what it printed so far, if the worker tells it soon; without otherwise. */
  cancel(call: Promise<CallEnd>): void
  /** False: nobody made that call. */
  settle(result: Extract<FromRuntime, { type: 'result' }>): boolean
  /** False: the call has no piece to send, or not yet, or not one so large. */
  take(message: Extract<FromRuntime, { type: 'piece' }>): boolean
  endAll(end: CallEnd): void
}

interface Open {
  promise: Promise<CallEnd>
  resolve(end: CallEnd): void
  onPiece: CallRequest['onPiece']
  /** Its last piece is not taken yet: as long as that is so the worker may send no other, and so no more than one is ever held. */
  hasPiece: boolean
  /** Set once it is cancelled. */
  timers?: NodeJS.Timeout[]
}

/** The caller waits for the lines of its late call no longer than this. */
const linesMs = 100
const nothing: CallEnd = { kind: 'result', output: Buffer.alloc(0), error: undefined, logs: [] }

export function createCalls({ send, graceMs, pieceBytes, onDeaf }: CallsOptions): Calls {
  const open = new Map<number, Open>()
  let lastId = 0

  function close(id: number, { timers, resolve }: Open, end: CallEnd): void {
    open.delete(id)
    timers?.forEach(clearTimeout)
    resolve(end)
  }

  async function deliver(id: number, each: Open, piece: Piece): Promise<void> {
    each.hasPiece = true
    const wantsMore = await take(each, piece)
    each.hasPiece = false
    if (open.get(id) === each && !each.timers) send({ type: wantsMore ? 'next' : 'stop', id })
  }

  return {
    begin: ({ contextJson, payloadJson, onPiece }) => {
      const { promise, resolve } = Promise.withResolvers<CallEnd>()
      lastId += 1
      open.set(lastId, { promise, resolve, onPiece, hasPiece: false })
      send(onPiece ? { type: 'call', id: lastId, stream: true } : { type: 'call', id: lastId }, [
        contextJson,
        payloadJson,
      ])
      return promise
    },
    cancel: call => {
      for (const [id, each] of open) {
        if (each.promise !== call) continue
        send({ type: 'cancel', id })
        // It stays open until the worker has answered for it: a result that comes later is still that of a known call.
        each.timers = [setTimeout(each.resolve, linesMs, nothing), setTimeout(onDeaf, graceMs)]
      }
    },
    settle: ({ id, output, error, logs }) => {
      const known = open.get(id)
      if (known) close(id, known, { kind: 'result', output, error, logs })
      return known !== undefined
    },
    take: ({ id, piece }) => {
      const known = open.get(id)
      if (!known?.onPiece || known.hasPiece || lengthOf(piece) > pieceBytes) return false
      // What comes of a cancelled call was on its way already.
      if (!known.timers) void deliver(id, known, piece)
      return true
    },
    endAll: end => {
      for (const [id, each] of open) close(id, each, end)
    },
  }
}

async function take({ onPiece }: Open, piece: Piece): Promise<boolean> {
  try {
    return onPiece !== undefined && (await onPiece(piece))
  } catch {
    return false
  }
}

/** Characters, of which a text has no more than bytes. */
const lengthOf = (piece: Piece): number => (piece.type === 'bytes' ? piece.bytes.length : piece.text.length)
