/** Sends the pieces of calls, each when the server has asked for it. */
import type { Socket } from 'node:net'
import { encodeFrame, type Frame } from '../launcher/frames.ts'
import type { Piece } from './pieces.ts'

export interface Asked {
  /** Resolves once the server has taken the piece; with false when it wants no more of the call. */
  send(id: unknown, piece: Piece): Promise<boolean>
  /** The server's answer to a piece; false: the frame is something else. */
  take(frame: Frame): boolean
  /** The call is over for the server. */
  giveUp(id: unknown): void
}

export function createAsked(socket: Socket): Asked {
  const waiting = new Map<unknown, (isWanted: boolean) => void>()

  function settle(id: unknown, isWanted: boolean): void {
    waiting.get(id)?.(isWanted)
    waiting.delete(id)
  }

  return {
    send: (id, { kind, data }) => {
      const { promise, resolve } = Promise.withResolvers<boolean>()
      waiting.set(id, resolve)
      socket.write(encodeFrame({ type: 'piece', id, kind }, [data]))
      return promise
    },
    take: ({ header: { type, id } }) => {
      if (type !== 'next' && type !== 'stop') return false
      settle(id, type === 'next')
      return true
    },
    giveUp: id => settle(id, false),
  }
}
