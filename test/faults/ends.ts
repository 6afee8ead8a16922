/** How what was asked under load has ended, as the server has stored it. */
import type { ExecutionContext } from 'ava'
import type { LiveServer } from '../helpers/live-server.ts'
import { until } from '../helpers/wait.ts'
import type { Ask } from './load.ts'
import { type Answer, ask } from './stage.ts'

type Stored = Answer['body']

export const isOver = ({ status }: { status: string }): boolean => status === 'READY' || status === 'ERROR'

export const wasAcknowledged = ({ answer }: Ask): boolean => answer?.status === 200 || answer?.status === 202

/** What was answered when it had ended is stored as it was answered; what was accepted has been executed or is reported. */
export async function checkEnd(t: ExecutionContext, server: LiveServer, asked: Ask): Promise<Stored> {
  const { answer, input, blocking } = asked
  const name = answer?.body.name
  const stored = await until(`the run ${name} is over`, async () => {
    const { status, body } = await ask(server, 'GET', `runs/${name}`)
    if (status === 404) throw new Error(`the acknowledged run ${name} is lost`)
    return isOver(body) && body
  })
  if (blocking) t.deepEqual(stored, answer?.body)
  if (stored.status === 'READY') t.is(stored.output, input)
  else t.is(stored.error.type, 'SystemError', JSON.stringify(stored))
  return stored
}
