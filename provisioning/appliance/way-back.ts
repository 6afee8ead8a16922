/** The way back of a claim that fails: the machine first, then what is remembered, again and again until all of it is as before. */
import { messageOf } from '../../server/core/errors.ts'
import type { StepFailure } from '../firstboot/apply.ts'
import type { Credentials, Settings, Values } from '../firstboot/settings.ts'
import type { Former } from './former.ts'
import type { Tell } from './problems.ts'

export interface WayBackParts {
  readonly former: Pick<Former, 'keep' | 'restoreCertificate' | 'drop'>
  store(values: Values): Promise<void>
  /** Never rejects. */
  apply(settings: Settings, credentials: Credentials): Promise<readonly StepFailure[]>
  readonly tell: Tell
}

export interface WayBack {
  /** Durable, before anything is changed. */
  prepare(values: Values): Promise<void>
  /** The claim is whole. */
  close(): Promise<void>
  /** The claim has failed, or was cut off; nobody has a password of it. */
  take(withdrawn: Credentials): void
  isTaken(): boolean
  /** It is prepared, and neither closed nor taken: whether the claim counts is not decided yet. */
  isOpen(): boolean
  /** Applies the settings, and takes back what is left of a claim that failed. */
  settle(values: Values, settings: Settings, credentials: Credentials): Promise<readonly StepFailure[]>
}

export function createWayBack({ former, store, apply, tell }: WayBackParts): WayBack {
  let withdrawn: Credentials | undefined
  let isOpen = false

  return {
    // What a claim before has left is no state to go back to.
    async prepare(values) {
      if (!withdrawn) await former.keep(values)
      isOpen = true
    },
    async close() {
      isOpen = false
      withdrawn = undefined
      tell('way back', [])
      // It is decided what counts: the next boot drops it unread.
      await former.drop().catch(() => undefined)
    },
    take: credentials => {
      isOpen = false
      withdrawn = credentials
    },
    isTaken: () => withdrawn !== undefined,
    isOpen: () => isOpen,
    async settle(values, settings, credentials) {
      if (!withdrawn) return apply(settings, credentials)
      const wrong: string[] = []
      const note = (thrown: unknown): void => void wrong.push(messageOf(thrown))
      await former.restoreCertificate().catch(note)
      const failures = await apply(settings, { ...credentials, ...withdrawn })
      // A full disk takes none of it, which is no reason to leave the machine open.
      await store(values).catch(note)
      const isWhole = (): boolean => failures.length === 0 && wrong.length === 0
      if (isWhole()) await former.drop().catch(note)
      if (isWhole()) withdrawn = undefined
      tell(
        'way back',
        wrong.map(problem => `a claim that failed is not taken back as a whole, which is tried again: ${problem}`),
      )
      return failures
    },
  }
}
