/** Answers that leave while their function is at work: each piece is written when its client has room for it. */
import type { ServerResponse } from 'node:http'
import type { Piece } from '../core/execution.ts'
import type { Call, CallEnd, Invoker } from '../core/ports.ts'
import { type Answer, renderOutcome } from './answer.ts'
import { chooseForm, type Form } from './forms.ts'
import { findHead, type Head } from './head.ts'

export interface StreamLimits {
  /** A client that takes nothing for so long is given up. */
  stallMs: number
  /** Of events: longer silence might be taken for an idle connection on the way. */
  heartbeatMs: number
}

export interface Streams {
  /**
   * Resolves with the answer once its first piece is there, or when the call has ended without one. Rejects as the invoker does, with
   * DispatchError BAD_ANSWER too.
   */
  call(call: Call, asEvents: boolean): Promise<Answer>
  /** Streams of events, which may have no end, end with their next piece. */
  close(): void
}

export function createStreams(invoker: Pick<Invoker, 'call'>, limits: StreamLimits): Streams {
  let closed = false

  /** Resolves once there is room for the next; false: nobody takes it any more. */
  async function write(response: ServerResponse, chunk: string | Buffer): Promise<boolean> {
    if (response.destroyed || response.req.method === 'HEAD') return false
    if (response.write(chunk)) return true
    response.setTimeout(limits.stallMs)
    await roomIn(response)
    response.setTimeout(0)
    return !response.destroyed
  }

  async function call(asked: Call, asEvents: boolean): Promise<Answer> {
    const begun = Promise.withResolvers<Answer>()
    const client = Promise.withResolvers<ServerResponse>()
    let head: Head | undefined
    let form: Form | undefined

    const take = async (piece: Piece): Promise<boolean> => {
      const own = head || piece.type !== 'json' ? undefined : findHead(piece.text)
      head ??= own ?? { status: 200, headers: {} }
      if (!form) {
        form = chooseForm(head, asEvents, own ? undefined : piece)
        if (form) begun.resolve(answerOf(head, form))
      }
      if (form?.isEvents && closed) return false
      return own || !form ? true : write(await client.promise, form.render(piece))
    }

    const answerOf = ({ status, headers }: Head, { contentType, isEvents }: Form): Answer => ({
      status,
      headers: { 'cache-control': 'no-store', ...headers, 'content-type': contentType },
      body: response => {
        client.resolve(response)
        return finish(response, ended, isEvents ? limits.heartbeatMs : undefined)
      },
    })

    const onPiece = (piece: Piece): Promise<boolean> =>
      take(piece).catch(thrown => {
        begun.reject(thrown)
        return false
      })
    const ended = invoker.call({ ...asked, onPiece })
    const whole = ended.then(({ outcome }) => (outcome.ok && head ? { ...head, body: '' } : renderOutcome(outcome)))
    return Promise.race([begun.promise, whole])
  }

  return {
    call,
    close: () => {
      closed = true
    },
  }
}

/** Resolves when what was written has left, or the client has. */
function roomIn(response: ServerResponse): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  for (const event of ['drain', 'close']) response.once(event, resolve)
  return promise.finally(() => {
    for (const event of ['drain', 'close']) response.off(event, resolve)
  })
}

/** Ends the answer with its call; when that fails it is cut off, which is all that its client can be told by then. */
async function finish(response: ServerResponse, ended: Promise<CallEnd>, heartbeatMs?: number): Promise<void> {
  const beat = () => response.writableNeedDrain || response.write(':\n\n')
  const timer = heartbeatMs === undefined ? undefined : setInterval(beat, heartbeatMs)
  response.flushHeaders()
  try {
    const { outcome } = await ended
    if (outcome.ok) response.end()
    else response.destroy()
  } catch {
    response.destroy()
  } finally {
    clearInterval(timer)
  }
}
