/** One field of a form with its label, its hint and what is wrong with it. */
import { type Html, html, nothing } from '../../../server/ui/html.ts'
import type { Values } from '../../firstboot/settings.ts'
import type { Entries, Problem } from '../entries.ts'
import { type ChoiceId, choices, type Field, type FieldId, fields } from '../fields.ts'
import type { TextKey } from '../texts/english.ts'
import type { Say } from '../texts/languages.ts'
import { isWrong, renderFieldProblem } from './problems.ts'

export interface Filled {
  readonly entries: Entries
  readonly present?: Values
  readonly problems: readonly Problem[]
  readonly say: Say
}

/** Names those that are there: the hint, and what is wrong. */
const describedBy = (id: FieldId, hint: string): string => (hint === '' ? `${id}-error` : `${id}-hint ${id}-error`)

function renderAttributes({ id, maxLength, isRequired, isTechnical, autocomplete }: Field, filled: Filled): Html {
  const { problems, say } = filled
  const isPlain = isTechnical ? html` class="technical" autocapitalize="none" spellcheck="false"` : nothing
  return html` id="${id}" name="${id}" maxlength="${maxLength}" autocomplete="${autocomplete ?? 'off'}" aria-describedby="${describedBy(
    id,
    say(`field.${id}.hint`),
  )}"${isPlain}${isRequired ? html` aria-required="true"` : nothing}${
    isWrong(id, problems) ? html` aria-invalid="true"` : nothing
  }`
}

const fileLabels: Partial<Record<FieldId, TextKey>> = { chain: 'file.chain', privateKey: 'file.privateKey' }

function renderFile({ id, fileName }: Field, say: Say): Html {
  const label = fileLabels[id]
  return fileName && label
    ? html`<label class="file" for="${fileName}">${say(label)}</label>
<input id="${fileName}" name="${fileName}" type="file" accept=".pem,.crt,.cer,.key,.txt" aria-describedby="${id}-error">`
    : nothing
}

/** Seen while nothing is entered, and not sent. */
function renderPresent({ key = '', choice }: Field, { present, say }: Filled): Html {
  const now = choice ? '' : (present?.[key] ?? '')
  return now === '' ? nothing : html` placeholder="${say('field.now', { now })}"`
}

function renderControl(field: Field, filled: Filled): Html {
  const attributes = renderAttributes(field, filled)
  const value = field.isSecret ? '' : filled.entries[field.id]
  switch (field.shape) {
    case 'password':
      return html`<input type="password"${attributes}>`
    case 'line':
      return html`<input type="text" value="${value}"${attributes}${renderPresent(field, filled)}>`
    case 'lines':
      // A line break right behind the tag is dropped, so one of the text's own survives.
      return html`<textarea rows="4"${attributes}>\n${value}</textarea>`
  }
}

const wide: readonly FieldId[] = ['code', 'gateway', 'sshKeys', 'fqdn', 'timeServers', 'noProxy', 'chain', 'privateKey']

export function renderField(id: FieldId, filled: Filled): Html {
  const field = fields[id]
  const { say, problems } = filled
  const hint = say(`field.${id}.hint`)
  const condition = field.choice ? ` when-${field.choice}` : ''
  return html`<div class="field ${wide.includes(id) ? 'full' : 'half'}${condition}">
<label for="${id}">${say(`field.${id}.label`)}</label>
${hint === '' ? nothing : html`<p class="hint" id="${id}-hint">${hint}</p>`}
${renderFieldProblem(id, problems, say)}
${renderControl(field, filled)}${renderFile(field, say)}</div>`
}

/** Both options and all fields stand there; the style hides those that do not count. */
export const renderChoice = (id: ChoiceId, { entries, say }: Filled): Html => html`<fieldset class="choice">
<legend>${say(`choice.${id}.label`)}</legend>
${choices[id].map(
  option =>
    html`<label><input type="radio" name="${id}" id="${id}-${option}" value="${option}"${
      entries[id] === option ? html` checked` : nothing
    }><span>${say(`option.${option}`)}</span></label>`,
)}</fieldset>`
