/** Owns `--wait`: following an object from its creation to READY or ERROR, for a limited time. */
import { Failure, isNotFound } from './failure.ts'
import type { FlagTable, FlagValues } from './flag.ts'
import { type JsonObject, objectOf, textOf, textsOf } from './format/json.ts'
import type { Io } from './io.ts'
import { type Resource, resources } from './resources.ts'
import type { Session } from './session.ts'

export const waitFlags = {
  wait: { kind: 'toggle', summary: 'return when it is READY; fail when it ends in ERROR' },
  'wait-timeout': {
    kind: 'duration',
    value: 'DURATION',
    fallback: '2m',
    summary: 'how long --wait waits for all of it, 0 = forever',
  },
} as const satisfies FlagTable

export const goneFlags = {
  ...waitFlags,
  wait: { kind: 'toggle', summary: 'return when it is gone' },
} as const satisfies FlagTable

/** The time that all waiting of a command shares. */
export interface Patience {
  readonly limitMs: number
  readonly startedMs: number
}

/** From now on; undefined when the command does not wait. */
export function startPatience(flags: FlagValues<FlagTable>, io: Io): Patience | undefined {
  if (flags.wait !== true) return undefined
  const asked = flags['wait-timeout']
  const limitMs = typeof asked === 'number' && asked > 0 ? asked : Number.POSITIVE_INFINITY
  return { limitMs, startedMs: io.now().getTime() }
}

export interface Wait {
  readonly session: Session
  readonly io: Io
  readonly resource: Resource
  readonly name: string
  readonly patience: Patience
}

/** What one look at the object showed. */
interface Look {
  readonly isDone: boolean
  readonly object: JsonObject
}

const firstPauseMs = 50
const longestPauseMs = 1000

const reasonOf = (object: JsonObject) => textsOf(object.reason).join('; ')
const statusOf = (object: JsonObject) => textOf(object.status) || 'READY'

/** Shows why something is not possible yet, each reason once. */
function createReasonNotes(session: Session, title: string) {
  let shown = ''
  return (reason: string) => {
    if (reason !== '' && reason !== shown) session.note(`Waiting for ${title}: ${reason}`)
    shown = reason || shown
  }
}

const renderTimeout = (state: string, { limitMs }: Patience, reason: string): string =>
  `${state} after ${limitMs / 1000}s: ${reason || 'the server gives no reason'}; see --wait-timeout`

/** Looks again and again, ever less often. Throws Failure when the time is over. */
async function waitUntil({ session, io, resource, name, patience }: Wait, look: () => Promise<Look>) {
  const title = `${resource.label} ${name}`
  const noteReason = createReasonNotes(session, title)
  for (let pauseMs = firstPauseMs; !io.interrupted.aborted; pauseMs = Math.min(longestPauseMs, pauseMs * 2)) {
    const { isDone, object } = await look()
    if (isDone) return object
    const [status, reason] = [statusOf(object), reasonOf(object)]
    const waitedMs = io.now().getTime() - patience.startedMs
    const leftMs = patience.limitMs - waitedMs
    if (leftMs <= 0) throw new Failure(renderTimeout(`${title} is still ${status}`, patience, reason))
    noteReason(reason)
    const shown = `${title} is ${status} (${Math.floor(waitedMs / 1000)}s)`
    await session.pauseFor(Math.min(pauseMs, leftMs), shown)
  }
  throw new Failure(`interrupted while waiting for ${title}`)
}

/** Throws Failure with the object's reason when it ends in ERROR or the time is over. Kinds without a status are READY at once. */
export async function waitUntilReady(wait: Wait): Promise<JsonObject> {
  const { session, resource, name } = wait
  const client = await session.client()
  const tellBuild =
    resource === resources.image ? (await import('./build-log.ts')).watchBuild({ ...wait, image: name }) : undefined
  return waitUntil(wait, async () => {
    const object = objectOf(await client.request({ method: 'GET', path: [...resource.path, name] }))
    await tellBuild?.()
    const status = statusOf(object)
    if (status === 'ERROR') throw new Failure(`${resource.label} ${name} ended in ERROR: ${reasonOf(object)}`)
    return { isDone: status === 'READY', object }
  })
}

/** Throws Failure when the time is over. */
export async function waitUntilGone(wait: Wait): Promise<void> {
  const { session, resource, name } = wait
  const client = await session.client()
  await waitUntil(wait, async () => {
    try {
      const object = objectOf(await client.request({ method: 'GET', path: [...resource.path, name] }))
      return { isDone: false, object }
    } catch (thrown) {
      if (isNotFound(thrown)) return { isDone: true, object: {} }
      throw thrown
    }
  })
}
