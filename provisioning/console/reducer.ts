/** What keys, outcomes, the time and the agent's news do to the view, and what they set off. Pure. */
import { takeOutcome } from './outcomes.ts'
import { pressKey } from './page-keys.ts'
import { type Around, type Change, type Event, isUnclaimed, type View } from './view.ts'
import { closePage, openPage, tell } from './wishes.ts'

/** Without a key for so long, whatever is open closes: its reader has gone. */
export const idleMs = 120_000

export function react(former: View, event: Event, around: Around): Change {
  const view = settle(former, around)
  switch (event.kind) {
    case 'key':
      return pressKey({ ...view, lastKeyMs: around.nowMs }, event.key, around)
    case 'outcome':
      return event.ticket === view.ticket ? takeOutcome(view, event.outcome, around.nowMs) : { view }
    case 'news':
      return { view }
  }
}

/** What is due whatever happens: notices end, idle pages close, and so does what a claim or the end of a trial has overtaken. */
function settle(former: View, { shown: { status }, nowMs }: Around): View {
  const { notice, ...rest } = former
  const view: View = notice && notice.untilMs > nowMs ? former : rest
  const isClaimed = !isUnclaimed(status)
  if (isClaimed !== view.isClaimed) return { ...closePage(view), isClaimed }
  const { page } = view
  if (page.kind === 'status') return view
  if (page.kind === 'trial') return settleTrial(view, page.isSeen, { isOn: status.trial !== undefined, nowMs })
  return nowMs - view.lastKeyMs < idleMs ? view : closePage(view)
}

/** It stays until the trial ends, which is soon. */
function settleTrial(view: View, isSeen: boolean, { isOn, nowMs }: { isOn: boolean; nowMs: number }): View {
  if (view.page.kind !== 'trial') return view
  if (isOn) return isSeen ? view : openPage(view, { ...view.page, isSeen: true })
  const isOver = isSeen || view.page.untilMs <= nowMs
  return isOver ? tell(closePage(view), 'The trial of the new network is over.', nowMs) : view
}
