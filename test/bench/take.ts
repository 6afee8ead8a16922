/** Takes the rounds of groups: each measurement in turn, on a machine at rest; refuses one that met an error. */
import { messageOf } from '../../server/core/errors.ts'
import type { Group, Measurement, Readings, Round } from './figure.ts'
import { createScope } from './scope.ts'

export interface Refusal {
  figures: string[]
  cause: string
}

export interface Taken {
  rounds: Readings[]
  refusals: Refusal[]
}

export interface TakeOptions {
  /** Instead of the group's own number. */
  rounds: number | undefined
  /** Waits for a machine at rest. */
  settle(): Promise<void>
  onProgress(text: string): void
  /** Ends the group early: what was opened is closed all the same. */
  signal: AbortSignal
}

const nameOf = ({ figures }: Measurement): string => figures.map(({ name }) => name).join(', ')

export async function takeGroup(group: Group, options: TakeOptions): Promise<Taken> {
  const { rounds = group.rounds, settle, onProgress, signal } = options
  const scope = createScope()
  const taken: Taken = { rounds: [], refusals: [] }
  const aborted = rejectionOf(signal)
  const open = new Map<Measurement, Round>()
  const attempt = async (measurement: Measurement, work: () => Promise<void>): Promise<void> => {
    try {
      signal.throwIfAborted()
      await Promise.race([work(), aborted])
    } catch (thrown) {
      open.delete(measurement)
      taken.refusals.push({ figures: measurement.figures.map(({ name }) => name), cause: messageOf(thrown) })
      onProgress(`REFUSED ${nameOf(measurement)}: ${messageOf(thrown)}`)
    }
  }
  try {
    onProgress(`${group.name}: preparing`)
    for (const measurement of group.measurements)
      await attempt(measurement, async () => void open.set(measurement, await measurement.prepare(scope)))
    for (let round = 1; round <= rounds && open.size > 0; round += 1) {
      onProgress(`${group.name}: round ${round} of ${rounds}`)
      for (const [measurement, take] of [...open])
        await attempt(measurement, async () => {
          await settle()
          taken.rounds.push(await take())
        })
    }
  } finally {
    await scope.close()
  }
  const refused = new Set(taken.refusals.flatMap(({ figures }) => figures))
  return { ...taken, rounds: taken.rounds.map(readings => withoutRefused(readings, refused, group)) }
}

/** Rounds before the error do not count either. */
function withoutRefused(readings: Readings, refused: ReadonlySet<string>, { measurements }: Group): Readings {
  const names = measurements
    .flatMap(({ figures }) => figures)
    .filter(({ name }) => refused.has(name))
    .map(({ name, reading = name }) => reading)
  return Object.fromEntries(Object.entries(readings).filter(([name]) => !names.includes(name)))
}

/** Settles only when the signal is given. */
function rejectionOf(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>()
  promise.catch(() => undefined)
  signal.addEventListener('abort', () => reject(signal.reason))
  return promise
}
