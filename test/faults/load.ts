/** Load on a server that faults are done to: runs awaited and not awaited, all answers kept, until it is told to stop. */
import { setTimeout as pause } from 'node:timers/promises'
import type { LiveServer } from '../helpers/live-server.ts'
import { type Answer, ask, createFunction } from './stage.ts'

export interface Ask {
  /** Unique; what the function gives back. */
  input: string
  functionName: string
  blocking: boolean
  /** Undefined: the connection ended without one. */
  answer: Answer | undefined
}

export interface Load {
  /** In the order in which they ended. */
  asks: Ask[]
  /** Resolves when the calls under way have ended. */
  stop(): Promise<void>
}

const codes: Record<string, string> = {
  python3: 'import time\ndef handle(ctx, payload):\n    time.sleep(0.01)\n    return payload\n',
  nodejs: 'module.exports = (ctx, payload) => new Promise(done => setTimeout(done, 10, payload))\n',
}
/** The one of that image. */
export const loadedFunction = (image: string | undefined): string | undefined => image && `load-${image}`
export const loadedFunctions = Object.keys(codes).map(image => `load-${image}`)

export async function createLoadedFunctions(server: LiveServer): Promise<void> {
  for (const [image, code] of Object.entries(codes))
    await createFunction(server, { name: `load-${image}`, image, code })
}

export interface LoadOptions {
  /** Distinguishes the inputs of several loads. */
  name: string
  /** Callers that ask one thing after the other. */
  callers?: number
}

/** A caller asks the two functions in turn; one run in four is not awaited. */
export function startLoad(server: LiveServer, { name, callers = 4 }: LoadOptions): Load {
  const asks: Ask[] = []
  let stopped = false

  async function call(caller: number): Promise<void> {
    for (let number = 0; !stopped; number += 1) {
      const functionName = loadedFunctions[(caller + number) % loadedFunctions.length] ?? ''
      const made = { input: `${name}-${caller}-${number}`, functionName, blocking: number % 4 !== 3 }
      const body = { blocking: made.blocking, input: made.input }
      const answer = await ask(server, 'POST', `runs?functionName=${functionName}`, body).catch(() => undefined)
      asks.push({ ...made, answer })
      // A server that is gone answers nobody.
      if (!answer) return
      // Refusals come quickly: the load stays bounded.
      if (answer.body?.status === 'ERROR' || answer.status > 299) await pause(20)
    }
  }

  const done = Promise.all(Array.from({ length: callers }, (_, caller) => call(caller)))
  return {
    asks,
    stop: async () => {
      stopped = true
      await done
    },
  }
}

/** What went on in a loop, in one line for its log. */
export const renderCounts = (counts: Record<string, number>): string =>
  Object.entries(counts)
    .map(([what, count]) => `${count} ${what}`)
    .join(', ')

/** Counts by status and kind of error. */
export function countAnswers(asks: readonly Ask[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { answer } of asks) {
    const kind = answer
      ? `${answer.status} ${answer.body?.status ?? ''} ${answer.body?.error?.type ?? ''}`.trim()
      : 'unanswered'
    counts[kind] = (counts[kind] ?? 0) + 1
  }
  return counts
}
