/** From a key of the status page to what it asks for: a password first where one is needed, then a page or an effect. */
import type { Change, Effect, Page, View, Waiting, Wish } from './view.ts'

/** Once claimed, all others do. A login asks for a password by itself, and Alt-F2 leads there anyway. */
const needNoPassword: readonly Wish[] = ['shut-down', 'log-in']

export const openPage = (view: View, page: Page): View => ({ ...view, page })

/** Back to the status; what was under way is nobody's any more. */
export const closePage = (view: View): View => ({ ...view, page: { kind: 'status' }, ticket: view.ticket + 1 })

const noticeMs = 10_000

export const tell = (view: View, text: string, nowMs: number): View => ({
  ...view,
  notice: { text, untilMs: nowMs + noticeMs },
})

/** Sets an effect off, and waits for its outcome under a ticket of its own. */
export function begin(view: View, effect: Effect, waiting: Omit<Waiting, 'kind'>): Change {
  return { view: { ...view, page: { kind: 'waiting', ...waiting }, ticket: view.ticket + 1 }, effect }
}

export function wish(view: View, wanted: Wish, nowMs: number): Change {
  if (!view.isClaimed || needNoPassword.includes(wanted)) return grant(view, wanted, nowMs)
  return { view: openPage(view, { kind: 'password', wish: wanted, typed: '' }) }
}

const status: Page = { kind: 'status' }

/** Whoever asks may have it. */
export function grant(view: View, granted: Wish, nowMs: number): Change {
  switch (granted) {
    case 'network':
      return begin(view, { kind: 'load-network' }, { text: 'Reading the settings', after: status })
    case 'keep-network':
      return { view: openPage(view, { kind: 'trial', untilMs: nowMs, isSeen: true }) }
    case 'reopen-setup':
      return begin(view, { kind: 'reopen-setup' }, { text: 'Opening set-up again', after: status })
    case 'log-in':
      return begin(view, { kind: 'log-in' }, { text: 'Opening a login', after: status })
    case 'reboot':
    case 'shut-down':
      return { view: openPage(view, { kind: 'confirm', wish: granted }) }
  }
}
