/** The pages on which nothing can be entered: what is the matter, and what to do next. */
import { type Html, html, nothing } from '../../../server/ui/html.ts'
import { actionTo, renderPage, type View } from './layout.ts'
import { renderReturn } from './network.ts'

interface Notice {
  readonly title: string
  readonly texts: readonly string[]
  readonly after?: Html
}

const renderNotice = (view: View, { title, texts, after = nothing }: Notice): string =>
  renderPage(view, {
    title,
    content: html`<div class="middle"><section class="card"><h1>${title}</h1>${texts.map(text => html`<p>${text}</p>`)}${after}</section></div>`,
  })

const renderBack = (view: View, label: string): Html =>
  html`<p class="actions"><a class="button" href="${actionTo('/', view)}">${label}</a></p>`

export const renderClaimed = (view: View): string => {
  const { say } = view
  return renderNotice(view, { title: say('claimed.title'), texts: [say('claimed.text'), say('claimed.stranger')] })
}

/** With a draft, what was entered is there again once the page is open. */
export function renderOver(view: View, draft?: string): string {
  const { say } = view
  const steps = html`<ul><li>${say('over.console')}</li><li>${say('over.reboot')}</li></ul>`
  const next =
    draft === undefined
      ? renderBack(view, say('over.return'))
      : renderReturn(view, { draft, label: say('over.return') })
  return renderNotice(view, { title: say('over.title'), texts: [say('over.text')], after: html`${steps}${next}` })
}

export const renderRolledBack = (view: View): string => {
  const { say } = view
  return renderNotice(view, {
    title: say('rolledBack.title'),
    texts: [say('problem.rolledBack')],
    after: renderBack(view, say('refused.back')),
  })
}

export const renderStarting = (view: View): string => {
  const { say } = view
  return renderNotice(view, {
    title: say('starting.title'),
    texts: [say('starting.text')],
    after: renderBack(view, say('starting.again')),
  })
}

export type Refused = 'foreign' | 'large' | 'unreadable' | 'nowhere' | 'failed'

export const renderRefused = (view: View, why: Refused): string => {
  const { say } = view
  return renderNotice(view, {
    title: say('refused.title'),
    texts: [say(`refused.${why}`)],
    after: renderBack(view, say('refused.back')),
  })
}
