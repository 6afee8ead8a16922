/** Asks a server that may be starting, or starting anew because of settings that were just applied: again, until a time is over. */
import { setTimeout as pause } from 'node:timers/promises'
import { refuse } from './refusal.ts'
import type { ServerClient, ServerReply } from './server-client.ts'

export interface Patience {
  readonly forMs: number
  readonly retryMs: number
}

/** Less than those wait who ask for a claim. */
export const patience: Patience = { forMs: 80_000, retryMs: 500 }

/** What is sent may be done twice. Throws a refusal when the time is over, which begins now. */
export function createPatientClient(server: ServerClient, { forMs, retryMs }: Patience): ServerClient {
  const endMs = performance.now() + forMs
  return {
    async send(...asked) {
      for (;;) {
        const reply = await server.send(...asked).catch((): ServerReply => ({ status: 503, body: undefined }))
        if (reply.status !== 503) return reply
        if (performance.now() >= endMs)
          throw refuse('failed', 'the Dispatch server does not answer: look at its health, and try again')
        await pause(retryMs)
      }
    },
  }
}
