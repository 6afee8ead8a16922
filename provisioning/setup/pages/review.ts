/** The page that shows what was entered, and claims. */
import { type Html, html, nothing } from '../../../server/ui/html.ts'
import { type Entries, isUsed, type Move, type Problem } from '../entries.ts'
import { choices, type Field, type FieldId, fieldsOf, type Section, sections } from '../fields.ts'
import { urlOf } from '../first-steps.ts'
import type { Say } from '../texts/languages.ts'
import { renderField } from './field.ts'
import { actionTo, renderPage, renderToken, type View } from './layout.ts'
import { renderSummary } from './problems.ts'

export interface ReviewView {
  readonly entries: Entries
  /** The same, sealed: the form has nothing else to send. */
  readonly draft: string
  /** The network will be another one: where the machine is found then, as far as that is known. */
  readonly moves?: Move | undefined
  /** Why this page comes once more. */
  readonly trouble?: { readonly text: string; readonly detail?: Html; readonly title?: string }
  /** The code has to be entered again. */
  readonly asksCode?: boolean
  readonly problems?: readonly Problem[]
}

/** Kind and comment of each key: what people know theirs by. */
const nameKeys = (text: string): string[] =>
  text
    .split(/[\n;]/)
    .map(line => line.trim().split(/\s+/))
    .filter(words => words[0])
    .map(([kind = '', , ...comment]) => `${kind} ${comment.join(' ')}`.trim().slice(0, 120))

/** Without an entry. Beside a fixed address nobody says who gives names. */
const isAutomatic = (id: FieldId, { addressing }: Entries): boolean =>
  ['fqdn', 'timeServers'].includes(id) || (addressing === 'dhcp' && ['nameServers', 'searchDomains'].includes(id))

function renderValue({ id, isSecret }: Field, entries: Entries, say: Say): Html {
  const text = entries[id]
  if (isSecret) return html`${say('review.entered')}`
  if (id === 'chain') return html`${say('review.pem')}`
  if (text === '')
    return html`<span class="soft">${say(isAutomatic(id, entries) ? 'review.asBefore' : 'review.none')}</span>`
  if (id === 'sshKeys') return html`${nameKeys(text).map(name => html`<span class="row technical">${name}</span>`)}`
  return html`<span class="technical">${text}</span>`
}

function isShown({ id }: Field, { folded }: Section, entries: Entries): boolean {
  if (id === 'repeated' || id === 'privateKey' || !isUsed(id, entries)) return false
  return entries[id] !== '' || !(folded.includes(id) || ['netmask', 'gateway'].includes(id))
}

/** The code is none of the settings. */
const settings = sections.filter(({ id }) => id !== 'code')

const renderRow = (label: string, value: Html): Html => html`<div><dt>${label}</dt><dd>${value}</dd></div>`

function renderSection(section: Section, entries: Entries, say: Say): Html {
  const { id, choice } = section
  const rows = fieldsOf(section)
    .filter(field => isShown(field, section, entries))
    .map(field => renderRow(say(`field.${field.id}.label`), renderValue(field, entries, say)))
  const isFirst = choice && entries[choice] === choices[choice][0]
  const chosen =
    choice && isFirst ? [renderRow(say(`choice.${choice}.label`), html`${say(`option.${entries[choice]}`)}`)] : []
  const [first, ...rest] = rows
  const ordered = id === 'network' && first ? [first, ...chosen, ...rest] : [...chosen, ...rows]
  return html`<h2>${say(`section.${id}.title`)}</h2><dl>${ordered}</dl>`
}

/** Told before the claim: its answer may be lost with the present address. */
const renderMove = (
  { address }: Move,
  say: Say,
): Html => html`<div class="remark"><strong>${say('review.moves.title')}</strong>
${
  address === undefined
    ? html`<p>${say('review.moves.automatic')}</p>`
    : html`<p>${say('review.moves.text')}</p><p><a class="address" href="${urlOf(address)}">${urlOf(address)}</a></p>`
}</div>`

const renderProgress = (say: Say): Html =>
  html`<div class="progress" hidden role="status"><p><strong>${say(
    'progress.title',
  )}</strong> ${say('progress.text')}</p><div class="bar" aria-hidden="true"></div></div>`

export function renderReview(view: View, shown: ReviewView): string {
  const { say } = view
  const { entries, draft, moves, trouble, asksCode, problems = [] } = shown
  const summary = trouble ? { title: say('problem.title'), problems, ...trouble } : undefined
  const filled = { entries, problems, say }
  const hidden = html`${renderToken(view)}<input type="hidden" name="draft" value="${draft}">`
  const content = html`<div class="middle"><div class="lead"><h1>${say('review.title')}</h1><p>${say('review.intro')}</p></div>
${summary ? renderSummary(summary, say) : nothing}
<form method="post" action="${actionTo('/', view)}" enctype="multipart/form-data" novalidate data-progress>
${hidden}${asksCode ? html`<div class="card">${renderField('code', filled)}</div>` : nothing}
<div class="card review">${settings.map(section => renderSection(section, entries, say))}</div>
${moves ? renderMove(moves, say) : nothing}<p class="soft note">${say('review.secrets')}</p>
<div class="actions"><button type="submit" name="step" value="claim">${say(trouble ? 'review.again' : 'review.claim')}</button>
<button type="submit" name="step" value="change" class="other">${say('review.change')}</button></div>
${renderProgress(say)}
</form></div>`
  return renderPage(view, { title: say('review.title'), stage: 'review', content, hasProblem: summary !== undefined })
}
