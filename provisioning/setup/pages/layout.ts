/** The frame of every page: head, product, how far one has got, language. */
import { type Html, html, nothing } from '../../../server/ui/html.ts'
import { type Language, languages, type Say } from '../texts/languages.ts'
import { icon } from './icon.ts'
import { script } from './script.ts'
import { style } from './style.ts'

export interface View {
  readonly language: Language
  readonly say: Say
  /** In every form. */
  readonly token: string
  /** Whether a link to the same page in another language loses nothing. */
  readonly isLook: boolean
}

const stages = ['settings', 'review', 'done'] as const
export type Stage = (typeof stages)[number]

export interface Page {
  readonly title: string
  readonly stage?: Stage
  readonly content: Html
  /** Said first in the title, where screen readers begin. */
  readonly hasProblem?: boolean
}

/** A form leads to a page in the language that it is in. */
export const actionTo = (path: string, { language }: View): string => `${path}?lang=${language.id}`

export const renderToken = ({ token }: View): Html => html`<input type="hidden" name="token" value="${token}">`

function renderStages(say: Say, stage: Stage): Html {
  const at = stages.indexOf(stage)
  return html`<nav class="stages" aria-label="${say('stage.label')}"><ol>${stages.map(
    (each, index) =>
      html`<li class="${index < at ? 'past' : index === at ? 'present' : 'ahead'}"${
        index === at ? html` aria-current="step"` : nothing
      }>${say(`stage.${each}`)}</li>`,
  )}</ol></nav>`
}

const renderLanguages = ({ language, say, isLook }: View): Html =>
  isLook
    ? html`<nav class="languages" aria-label="${say('language.label')}">${languages
        .filter(({ id }) => id !== language.id)
        .map(({ id, name }) => html`<a href="?lang=${id}" lang="${id}" hreflang="${id}">${name}</a>`)}</nav>`
    : nothing

export function renderPage(view: View, { title, stage, content, hasProblem }: Page): string {
  const { language, say } = view
  return html`<!doctype html>
<html lang="${language.id}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${hasProblem ? say('title.error', { title }) : title} - ${say('product')}</title>
<link rel="icon" href="${icon}">
<style>${{ html: style }}</style>
</head>
<body>
<a class="skip" href="#content">${say('skip.content')}</a>
<header><p class="product"><span class="mark" aria-hidden="true"></span>${say('product')}</p>${
    stage ? renderStages(say, stage) : nothing
  }${renderLanguages(view)}</header>
<main id="content" tabindex="-1">
${content}
</main>
<script>${{ html: script }}</script>
</body>
</html>
`.html
}
