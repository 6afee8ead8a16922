/** The page of the API for readers: every operation with what it takes, an example, what it answers and how it refuses. */
import { createHash } from 'node:crypto'
import type { DescribedErrors, Description } from '../http/document/describe.ts'
import { exampleOf, renderCurl } from '../http/document/example.ts'
import { answeredSchemas, type Field, fieldsOf, namedPart, typeText, withoutReadOnly } from '../http/document/fields.ts'
import type { Schema } from '../http/document/schema.ts'
import { apiStyle } from './api-style.ts'
import { type Html, html, nothing } from './html.ts'

/** Nothing but the page's own style may be loaded or run. */
export const contentSecurityPolicy = (): string => {
  const style = createHash('sha256').update(apiStyle).digest('base64')
  return `default-src 'none'; style-src 'sha256-${style}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`
}

const renderFields = (fields: Field[]): Html =>
  html`<dl>${fields.map(
    ({ path, type, required, description }) =>
      html`<div><dt><code>${path}</code> <span class="type">${type}</span>${
        required ? html` <span class="must">required</span>` : nothing
      }</dt><dd>${description}</dd></div>`,
  )}</dl>`

function renderParameters({ parameters }: Description): Html {
  const fields = parameters.map(({ name, in: place, schema, required, description }) => {
    const type = `${place}: ${typeText(schema)}`
    return { path: name, type, required, description }
  })
  return fields.length === 0 ? nothing : html`<h4>Parameters</h4>${renderFields(fields)}`
}

function renderBody({ body }: Description): Html {
  if (!body) return nothing
  const named = namedPart(body.schema) ?? body.schema
  const isEither = named !== body.schema
  return html`<h4>Body</h4>${isEither ? html`<p>One object of these fields, or a list of them.</p>` : nothing}${renderFields(
    fieldsOf(withoutReadOnly(named)),
  )}`
}

const renderSchemaName = (schema: Schema): Html => {
  const title = namedPart(schema)?.title
  return title === undefined ? html`${typeText(schema)}` : html`<a href="#schema-${title}">${typeText(schema)}</a>`
}

const renderAnswers = ({ answers }: Description): Html =>
  html`<h4>Answer</h4><dl>${answers.map(
    ({ status, description, contentType, schema }) =>
      html`<div><dt><code>${status}</code> <span class="type">${
        schema ? renderSchemaName(schema) : contentType === 'application/json' ? 'no body' : contentType
      }</span></dt><dd>${description}</dd></div>`,
  )}</dl>`

const renderErrors = (errors: DescribedErrors[]): Html =>
  html`<details><summary>Errors <span class="soft">${errors.map(({ status }) => status).join(' ')}</span></summary><dl>${errors.map(
    ({ status, texts }) =>
      html`<div><dt><code>${status}</code></dt><dd>${texts.map(text => html`<p>${text}</p>`)}</dd></div>`,
  )}</dl></details>`

const renderOperation = (operation: Description): Html => {
  const { id, method, path, summary, description } = operation
  return html`<article id="${id}">
<h3><a href="#${id}">${summary}</a></h3>
<p class="address"><span class="method ${method}">${method}</span> <code>${path}</code></p>
${description ? html`<p>${description}</p>` : nothing}
${renderParameters(operation)}${renderBody(operation)}
<h4>Example</h4><pre tabindex="0"><code>${renderCurl(exampleOf(operation))}</code></pre>
${renderAnswers(operation)}${renderErrors(operation.errors)}
</article>`
}

const slugOf = (group: string): string => group.replaceAll(' ', '-')

const renderSchemas = (operations: Description[]): Html[] =>
  answeredSchemas(operations).map(
    ({ title, schema }) => html`<article id="schema-${title}"><h3><a href="#schema-${title}">${title}</a></h3>
<p class="soft">What is answered. Fields that are not required are left out when there is nothing to say.</p>
${renderFields(fieldsOf(schema))}</article>`,
  )

const renderContents = (groups: Map<string, Description[]>): Html[] =>
  [...groups].map(
    ([group, operations]) =>
      html`<h2><a href="#${slugOf(group)}">${group}</a></h2><ul>${operations.map(
        ({ id, summary }) => html`<li><a href="#${id}">${summary}</a></li>`,
      )}</ul>`,
  )

const renderIntroduction = (version: string): Html => html`<h1>Dispatch Solo API</h1>
<p class="soft">${version}. For programs: <a href="/v1/openapi.json">OpenAPI 3.1</a>, <a href="/v1/swagger.json">Swagger 2.0</a></p>
<p>Requests and answers are JSON. Every request carries a <code>Cookie</code> or an <code>Authorization</code> header: an
API token, the token of a login or one that a service account signs; where the server runs with <code>auth: open</code> any value passes. <code>X-Dispatch-Org</code> names the organization that the request is about.</p>
<p>Fields that the server sets, such as <code>id</code> and <code>status</code>, may be sent back as they came: they are
checked and ignored. Unknown fields are ignored too. Lists come without an envelope.</p>
<p>An error has this body; its <code>code</code> is the HTTP status, or with 422 the number of the broken rule. The header
<code>x-request-id</code> of every answer names the request in the server's log.</p>
<pre tabindex="0"><code>${'{"code":404,"message":"function hello not found"}'}</code></pre>`

export function renderApiPage(descriptions: Description[], version: string): string {
  const groups = Map.groupBy(descriptions, ({ group }) => group)
  const contents = renderContents(groups)
  const sections = [...groups].map(
    ([group, operations]) => html`<section><h2 id="${slugOf(group)}">${group}</h2>
${operations.map(operation => renderOperation(operation))}${renderSchemas(operations)}</section>`,
  )
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Dispatch Solo API</title>
<style>${{ html: apiStyle }}</style>
</head>
<body>
<nav aria-label="Contents"><details class="narrow"><summary>Contents</summary>${contents}</details><div class="wide">${contents}</div></nav>
<main>${renderIntroduction(version)}${sections}</main>
</body>
</html>
`.html
}
