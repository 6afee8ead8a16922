/** Event drivers by the tokens that they send. */
import { digestOf } from '../core/digest.ts'
import { createRemembered } from '../core/remembered.ts'
import type { Change } from '../store/port.ts'
import type { Driver } from './driver-schema.ts'

export interface Senders {
  /** undefined: the token lets nobody's events in. */
  find(token: string): Promise<Pick<Driver, 'org'> | undefined>
  /** From then on nothing of before counts. */
  follow(change: Pick<Change, 'kind'>): void
}

interface KnownDrivers {
  list(): Promise<Pick<Driver, 'token' | 'org' | 'status'>[]>
}

export function createSenders(drivers: KnownDrivers): Senders {
  /** By digest, so that how far a guess is right cannot be told from the time it takes. */
  const known = createRemembered(async () => {
    const present = (await drivers.list()).filter(({ status, token }) => status !== 'DELETING' && token !== '')
    return new Map(present.map(({ token, org }) => [digestOf(token), { org }]))
  })
  return {
    find: async token => (await known.current()).get(digestOf(token)),
    follow: ({ kind }) => {
      if (kind === 'Driver') known.forget()
    },
  }
}
