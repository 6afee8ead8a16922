/** What is wrong, above the form with links to where, and at each field. */
import { type Html, html, nothing } from '../../../server/ui/html.ts'
import type { Problem } from '../entries.ts'
import type { FieldId } from '../fields.ts'
import type { Say } from '../texts/languages.ts'

/** The agent speaks English alone. */
export function renderProblem({ complaint, told }: Problem, say: Say): Html {
  if (complaint) return html`${say(`complaint.${complaint}`)}`
  return html`<span lang="en">${told ?? ''}</span>`
}

const renderLink = (problem: Problem, say: Say): Html => {
  const { field } = problem
  return field === undefined
    ? html`<li>${renderProblem(problem, say)}</li>`
    : html`<li><a href="#${field}">${say(`field.${field}.label`)}: ${renderProblem(problem, say)}</a></li>`
}

export interface Summary {
  readonly title: string
  readonly text?: string | undefined
  readonly detail?: Html
  readonly problems?: readonly Problem[]
}

/** It gets the focus, so that it is read first. */
export const renderSummary = ({ title, text, detail = nothing, problems = [] }: Summary, say: Say): Html =>
  html`<div class="summary" role="alert" aria-labelledby="summary-title" tabindex="-1" autofocus>
<h2 id="summary-title">${title}</h2>
${text ? html`<p>${text}</p>` : nothing}${detail}
${problems.length > 0 ? html`<ul>${problems.map(problem => renderLink(problem, say))}</ul>` : nothing}</div>`

/** Stands there empty too: a script fills it when a field is left. */
export function renderFieldProblem(id: FieldId, problems: readonly Problem[], say: Say): Html {
  const own = problems.filter(({ field }) => field === id)
  return html`<p class="error" id="${id}-error" aria-live="polite"${own.length === 0 ? html` hidden` : nothing}>${own.map(
    (problem, index) => html`${index > 0 ? ' ' : ''}${renderProblem(problem, say)}`,
  )}</p>`
}

export const isWrong = (id: FieldId, problems: readonly Problem[]): boolean =>
  problems.some(({ field }) => field === id)
