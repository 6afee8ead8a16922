/** The two pages of a network that is tried: where to go, and, there, whether to keep it. */
import { type Html, html, nothing } from '../../../server/ui/html.ts'
import type { Problem } from '../entries.ts'
import { readEntries } from '../entries.ts'
import { urlOf } from '../first-steps.ts'
import { renderField } from './field.ts'
import { actionTo, renderPage, renderToken, type View } from './layout.ts'
import { renderSummary } from './problems.ts'

export interface TrialView {
  readonly addresses: readonly string[]
  readonly secondsLeft: number
  /** What was entered, sealed: should the network go back, nothing has to be entered again. */
  readonly draft: string
}

const renderTime = (text: string, seconds: number): Html =>
  html`<strong class="time" role="timer" data-seconds="${seconds}">${text}</strong>`

export const renderReturn = (
  view: View,
  { draft, label }: { draft: string; label: string },
): Html => html`<form method="post" action="${actionTo(
  '/',
  view,
)}" enctype="multipart/form-data">${renderToken(view)}<input type="hidden" name="draft" value="${draft}">
<button type="submit" name="step" value="resume" class="other">${label}</button></form>`

export function renderTrial(view: View, { addresses, secondsLeft, draft }: TrialView): string {
  const { say } = view
  const links = addresses.map(
    address => html`<li><a class="address" href="${urlOf(address)}">${urlOf(address)}</a></li>`,
  )
  const content = html`<div class="middle"><section class="card"><h1>${say('trial.title')}</h1>
<p>${say('trial.intro')} ${renderTime(say('trial.seconds', { seconds: secondsLeft }), secondsLeft)}.</p>
<h2>${say('trial.where')}</h2><ul class="addresses">${links}</ul>
<p class="soft">${say('trial.warning')}</p><p class="soft">${say('trial.back')}</p>
<p class="over" role="status" data-over hidden>${say('trial.over')}</p>
${renderReturn(view, { draft, label: say('trial.return') })}</section></div>`
  return renderPage(view, { title: say('trial.title'), stage: 'review', content })
}

export interface ConfirmView {
  readonly secondsLeft: number
  readonly problems?: readonly Problem[]
  readonly trouble?: { readonly text: string; readonly detail?: Html }
}

const blank = readEntries(() => '')

export function renderConfirm(view: View, { secondsLeft, problems = [], trouble }: ConfirmView): string {
  const { say } = view
  const filled = { entries: blank, problems, say }
  const content = html`<div class="middle"><section class="card"><h1>${say('confirm.title')}</h1>
${trouble ? renderSummary({ title: say('problem.title'), problems, ...trouble }, say) : nothing}
<p>${say('confirm.intro')} ${renderTime(say('trial.seconds', { seconds: secondsLeft }), secondsLeft)}.</p>
<p class="over" role="status" data-over hidden>${say('trial.over')}</p>
<form method="post" action="${actionTo('/confirm', view)}" novalidate>${renderToken(view)}
${renderField('code', filled)}
<div class="actions"><button type="submit">${say('confirm.keep')}</button></div></form></section></div>`
  return renderPage(view, { title: say('confirm.title'), stage: 'review', content, hasProblem: trouble !== undefined })
}
