/** The page on which everything is entered. */
import { type Html, html, nothing } from '../../../server/ui/html.ts'
import type { Values } from '../../firstboot/settings.ts'
import type { Entries, Problem } from '../entries.ts'
import { type FieldId, type Section, type SectionId, sections } from '../fields.ts'
import type { Say } from '../texts/languages.ts'
import { type Filled, renderChoice, renderField } from './field.ts'
import { actionTo, renderPage, renderToken, type View } from './layout.ts'
import { isWrong, renderSummary, type Summary } from './problems.ts'

export interface FormView {
  readonly entries: Entries
  /** What the machine has where nothing is entered. */
  readonly present?: Values | undefined
  readonly problems?: readonly Problem[]
  /** Why this page comes once more. */
  readonly notice?: string | undefined
  /** Nothing is wrong, but good to know. */
  readonly remark?: string
  /** Whether secrets were entered before, and are not there any more. */
  readonly hasLostSecrets?: boolean
}

const required: readonly SectionId[] = ['code', 'administrator']

const renderUser = ({ say }: Filled): Html => html`<div class="field full"><label for="user">${say('form.user')}</label>
<input type="text" id="user" name="user" value="admin" autocomplete="username" readonly class="technical"></div>`

const renderFields = (ids: readonly FieldId[], filled: Filled, first = nothing): Html =>
  ids.length === 0 ? nothing : html`<div class="fields">${first}${ids.map(id => renderField(id, filled))}</div>`

function renderFolded({ folded }: Section, filled: Filled): Html {
  if (folded.length === 0) return nothing
  const isOpen = folded.some(id => filled.entries[id] !== '' || isWrong(id, filled.problems))
  return html`<details${isOpen ? html` open` : nothing}><summary>${filled.say('form.more')}</summary>
${renderFields(folded, filled)}</details>`
}

function renderSection(section: Section, number: number, filled: Filled): Html {
  const { id, before, choice, after } = section
  const { say } = filled
  const optional = required.includes(id) ? nothing : html` <span class="optional">${say('form.optional')}</span>`
  return html`<section class="card" id="section-${id}" aria-labelledby="title-${id}">
<h2 id="title-${id}"><span class="number" aria-hidden="true">${number}</span>${say(`section.${id}.title`)}${optional}</h2>
<p class="soft">${say(`section.${id}.intro`)}</p>
${renderFields(before, filled, id === 'administrator' ? renderUser(filled) : nothing)}
${choice ? renderChoice(choice, filled) : nothing}${renderFields(after, filled)}${renderFolded(section, filled)}
</section>`
}

const renderSteps = (say: Say): Html =>
  html`<nav class="steps" aria-label="${say('form.steps')}"><ol>${sections.map(
    ({ id }) => html`<li><a href="#section-${id}">${say(`section.${id}.title`)}</a></li>`,
  )}</ol><p class="soft">${say('form.later')}</p></nav>`

function summaryOf({ problems = [], notice, hasLostSecrets }: FormView, say: Say): Summary | undefined {
  const text = [notice, hasLostSecrets ? say('summary.secrets') : undefined].filter(Boolean).join(' ')
  if (problems.length === 0 && text === '') return undefined
  return { title: say('summary.title'), text, problems }
}

export function renderForm(view: View, shown: FormView): string {
  const { say } = view
  const summary = summaryOf(shown, say)
  const { entries, present = {}, problems = [] } = shown
  const filled: Filled = { entries, present, problems, say }
  const content = html`<div class="columns">${renderSteps(say)}
<div class="column"><div class="lead"><h1>${say('form.title')}</h1><p>${say('form.intro')}</p></div>
${summary ? renderSummary(summary, say) : nothing}${shown.remark ? html`<p class="remark">${shown.remark}</p>` : nothing}
<form method="post" action="${actionTo('/', view)}" enctype="multipart/form-data" novalidate data-check="${actionTo('/check', view)}">
${renderToken(view)}
${sections.map((section, index) => renderSection(section, index + 1, filled))}
<div class="actions"><p class="soft">${say('form.nothing')}</p><button type="submit" name="step" value="review">${say('form.review')}</button></div>
</form></div></div>`
  return renderPage(view, {
    title: say('form.title'),
    stage: 'settings',
    content,
    hasProblem: filled.problems.length > 0,
  })
}
