/** Owns `--wait`: following an object from its creation to READY or ERROR, for a limited time. */
import { Failure } from './failure.ts'
import type { FlagTable, FlagValues } from './flag.ts'
import { type JsonObject, objectOf, textOf, textsOf } from './format/json.ts'
import type { Io } from './io.ts'
import type { Resource } from './resources.ts'
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

const firstPauseMs = 50
const longestPauseMs = 1000

const reasonOf = (object: JsonObject) => textsOf(object.reason).join('; ')

/** Shows why something is not possible yet, each reason once. */
function createReasonNotes(session: Session, title: string) {
  let shown = ''
  return (reason: string) => {
    if (reason !== '' && reason !== shown) session.note(`Waiting for ${title}: ${reason}`)
    shown = reason || shown
  }
}

/** Throws Failure with the object's reason when it ends in ERROR or the time is over. Kinds without a status are READY at once. */
export async function waitUntilReady({ session, io, resource, name, patience }: Wait): Promise<JsonObject> {
  const client = await session.client()
  const title = `${resource.label} ${name}`
  const noteReason = createReasonNotes(session, title)
  for (let pauseMs = firstPauseMs; !io.interrupted.aborted; pauseMs = Math.min(longestPauseMs, pauseMs * 2)) {
    const object = objectOf(await client.request({ method: 'GET', path: [...resource.path, name] }))
    const status = textOf(object.status) || 'READY'
    const reason = reasonOf(object)
    if (status === 'READY') return object
    if (status === 'ERROR') throw new Failure(`${title} ended in ERROR: ${reason}`)
    const leftMs = patience.startedMs + patience.limitMs - io.now().getTime()
    if (leftMs <= 0) throw new Failure(renderTimeout(`${title} is still ${status}`, patience, reason))
    noteReason(reason)
    await io.pause(Math.min(pauseMs, leftMs))
  }
  throw new Failure(`interrupted while waiting for ${title}`)
}

const renderTimeout = (state: string, { limitMs }: Patience, reason: string): string =>
  `${state} after ${limitMs / 1000}s: ${reason || 'the server gives no reason'}; see --wait-timeout`
