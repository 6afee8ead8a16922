/** What the outcomes of effects do to the page that waits for them. */
import type { Refusal, SettingsChanged } from '../appliance/control.ts'
import { describeFailure } from '../appliance/failures.ts'
import { afterWrong, openLock } from './lock.ts'
import { createNetworkForm, refuseForm } from './network-form.ts'
import type { Change, Outcome, Page, View } from './view.ts'
import { closePage, grant, openPage, tell } from './wishes.ts'

export function takeOutcome(view: View, outcome: Outcome, nowMs: number): Change {
  if (view.page.kind !== 'waiting') return { view }
  const { after } = view.page
  switch (outcome.kind) {
    case 'password':
      return after.kind === 'password' ? takePassword(view, after, { isRight: outcome.isRight, nowMs }) : { view }
    case 'network-loaded':
      return { view: openPage(view, { kind: 'network', form: createNetworkForm(outcome.values) }) }
    case 'network-answered':
      return { view: takeAnswer(view, after, { answer: outcome.answer, nowMs }) }
    case 'done':
      return { view: finish(view, after, nowMs) }
    case 'failed':
      return { view: tell(openPage(view, after), outcome.message, nowMs) }
  }
}

function takePassword(
  view: View,
  page: Extract<Page, { kind: 'password' }>,
  { isRight, nowMs }: { isRight: boolean; nowMs: number },
): Change {
  if (isRight) return grant({ ...view, lock: openLock }, page.wish, nowMs)
  const wrong: Page = { ...page, problem: 'This is not the password.' }
  return { view: { ...openPage(view, wrong), lock: afterWrong(view.lock, nowMs) } }
}

/** What was refused goes back to the form, with what is wrong beside each field. */
function takeAnswer(
  view: View,
  after: Page,
  { answer, nowMs }: { answer: SettingsChanged | Refusal; nowMs: number },
): View {
  if ('outcome' in answer) {
    const { outcome, untilMs = nowMs, failures = [] } = answer
    if (outcome === 'trial') return openPage(view, { kind: 'trial', untilMs, isSeen: false })
    if (failures.length > 0)
      return tell(closePage(view), `Not all of it: ${failures.map(describeFailure).join('; ')}`, nowMs)
    const text = outcome === 'changed' ? 'The network has been changed.' : 'Nothing was to be changed.'
    return tell(closePage(view), text, nowMs)
  }
  const { faults = [], message } = answer
  if (faults.length === 0 || after.kind !== 'network') return tell(openPage(view, after), message, nowMs)
  return openPage(view, { ...after, form: refuseForm(after.form, faults) })
}

/** A machine that goes down says so until it is down; the idle time ends that where it does not. */
function finish(view: View, after: Page, nowMs: number): View {
  if (view.page.kind === 'waiting' && view.page.isLast) return view
  return after.kind === 'trial' ? tell(closePage(view), 'The new network is kept.', nowMs) : closePage(view)
}
