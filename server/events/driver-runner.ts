/** What keeps drivers of one sort running: containers, or parts of the server. */
import { createHash } from 'node:crypto'
import type { Driver } from './driver-schema.ts'

/** A driver with all that it is to be run with. */
export interface WantedDriver {
  driver: Driver
  settings: Record<string, string>
  secrets: Record<string, string>
}

/** `againMs`: when to look again at the latest, whatever happens until then. */
export type DriverState =
  | { is: 'ready'; url?: string }
  | { is: 'starting'; reason?: string; againMs: number }
  | { is: 'failed'; reason: string; againMs?: number }

export interface DriverRunner {
  /** Brings what runs closer to what is wanted, and tells how it is; safe to repeat. */
  run(wanted: WantedDriver): Promise<DriverState>
  /** Ends whatever runs of the driver; harmless when nothing does. */
  end(driverId: string): Promise<void>
  /** Lets go of what it remembers of a driver that has ended for good. */
  forget?(driverId: string): Promise<void>
  /** Ends all. */
  close(): Promise<void>
}

/** Those of its type, then its own. */
export const settingsOf = ({ defaults, config }: Driver): Record<string, string> =>
  Object.fromEntries([...(defaults ?? []), ...(config ?? [])].map(({ key, value }) => [key, value]))

/** Differs when it has to be started anew. */
export const fingerprintOf = (...parts: unknown[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)
