/** What the console shows and where its reader is in it: the shapes that keys change and the screen is made of. */
import type { Refusal, SettingsChanged } from '../appliance/control.ts'
import type { Status } from '../appliance/status.ts'
import type { Values } from '../firstboot/settings.ts'
import type { Key } from './keys.ts'
import type { NetworkForm } from './network-form.ts'

export interface Size {
  readonly columns: number
  readonly rows: number
}

/** What the agent tells the console. */
export interface Shown {
  readonly status: Status
  /** The setup code, grouped, while it can be used. */
  readonly code?: string
  /** Who can log in here, and whose password opens the keys. Undefined: nobody has one. */
  readonly account?: 'root' | 'admin'
}

/** What a key of the status page asks for. */
export type Wish = 'network' | 'keep-network' | 'reopen-setup' | 'reboot' | 'log-in' | 'shut-down'

export type Page =
  | { readonly kind: 'status' }
  | { readonly kind: 'password'; readonly wish: Wish; readonly typed: string; readonly problem?: string }
  | { readonly kind: 'confirm'; readonly wish: 'reboot' | 'shut-down' }
  | { readonly kind: 'network'; readonly form: NetworkForm }
  | Waiting
  /** `isSeen`: the status has told of the trial, so it is over when the status does so no more. */
  | { readonly kind: 'trial'; readonly untilMs: number; readonly isSeen: boolean }

/** The outcome of an effect is awaited. */
export interface Waiting {
  readonly kind: 'waiting'
  readonly text: string
  /** Where a failure leads back to. */
  readonly after: Page
  /** A success ends the machine, and with it this page. */
  readonly isLast?: true
}

export interface View {
  readonly page: Page
  /** One line above the key bar, for a while. */
  readonly notice?: { readonly text: string; readonly untilMs: number }
  /** Passwords that were wrong since the last right one, and when the next is looked at. */
  readonly lock: { readonly wrongCount: number; readonly waitUntilMs: number }
  readonly lastKeyMs: number
  /** Who may do what differs: pages that were opened before a claim are closed by it. */
  readonly isClaimed: boolean
  /** Outcomes of effects that began under another ticket are nobody's any more. */
  readonly ticket: number
}

/** What a key may set off; its outcome comes back as an event. */
export type Effect =
  | { readonly kind: 'verify-password'; readonly text: string }
  | { readonly kind: 'load-network' }
  | { readonly kind: 'change-network'; readonly values: Values }
  | { readonly kind: 'keep-network' | 'reopen-setup' | 'reboot' | 'log-in' | 'shut-down' }

/** How an effect ended. */
export type Outcome =
  | { readonly kind: 'password'; readonly isRight: boolean }
  | { readonly kind: 'network-loaded'; readonly values: Values }
  | { readonly kind: 'network-answered'; readonly answer: SettingsChanged | Refusal }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly message: string }

export type Event =
  | { readonly kind: 'key'; readonly key: Key }
  | { readonly kind: 'outcome'; readonly ticket: number; readonly outcome: Outcome }
  /** Time has passed, or the agent told something new. */
  | { readonly kind: 'news' }

export interface Change {
  readonly view: View
  readonly effect?: Effect
}

/** What is around a view; `nowMs` is a Unix time. */
export interface Around {
  readonly shown: Shown
  readonly nowMs: number
}

/** Nobody has claimed the appliance yet, and whoever sees its console may set it up. */
export const isUnclaimed = ({ setup }: Status): boolean => setup !== undefined

/** As a console begins: with the status. */
export const createView = ({ status }: Shown, nowMs: number): View => ({
  page: { kind: 'status' },
  lock: { wrongCount: 0, waitUntilMs: 0 },
  lastKeyMs: nowMs,
  isClaimed: !isUnclaimed(status),
  ticket: 0,
})
