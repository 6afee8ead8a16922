/** What the console shows and where its reader is in it: the shapes that keys change and the screen is made of. */
import type { Status } from '../appliance/status.ts'
import type { Values } from '../firstboot/settings.ts'
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
  /** The outcome of an effect is awaited; `after` is the page that it leads back to when it fails. */
  | { readonly kind: 'waiting'; readonly text: string; readonly after: Page }
  | { readonly kind: 'trial' }

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
