/** The API as a page of Markdown, for readers of the repository. */
import { catalogue } from '../../core/errors.ts'
import type { Description } from './describe.ts'
import { exampleOf, renderCurl } from './example.ts'
import { answeredSchemas, type Field, fieldsOf, namedPart, typeText, withoutReadOnly } from './fields.ts'
import type { Schema } from './schema.ts'

const capitalize = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`
const cell = (text: string): string => text.replaceAll('|', '\\|')

function renderTable(heads: string[], rows: string[][]): string {
  const lines = [heads, heads.map(() => '---'), ...rows].map(cells => `| ${cells.map(cell).join(' | ')} |`)
  return lines.join('\n').replaceAll('|  |', '| |')
}

const renderFields = (fields: Field[]): string =>
  renderTable(
    ['Field', 'Type', 'Required', 'Meaning'],
    fields.map(({ path, type, required, description }) => [`\`${path}\``, type, required ? 'yes' : '', description]),
  )

const renderParameters = ({ parameters }: Description): string =>
  renderTable(
    ['Parameter', 'In', 'Type', 'Required', 'Meaning'],
    parameters.map(({ name, in: place, schema, required, description }) => [
      ...[`\`${name}\``, place, typeText(schema), required ? 'yes' : '', description],
    ]),
  )

const slugOf = (title: string): string => title.toLowerCase()
const linkOf = (schema: Schema): string => {
  const title = namedPart(schema)?.title
  return title === undefined ? typeText(schema) : `[${typeText(schema)}](#${slugOf(title)})`
}

const renderAnswers = ({ answers }: Description): string =>
  answers
    .map(({ status, description, contentType, schema }) => {
      const type = schema ? linkOf(schema) : contentType === 'application/json' ? 'no body' : `\`${contentType}\``
      return `Answer ${status}: ${type}. ${description}.`
    })
    .join('\n\n')

function renderErrors({ errors }: Description): string {
  const named = errors.flatMap(({ names }) => names).map(name => `\`${name}\` (${catalogue[name].httpStatus})`)
  const isChecked = errors.some(({ status }) => status === 422)
  return `[Errors](errors.md#catalogue): ${[...named, ...(isChecked ? ['[validation](errors.md#validation) (422)'] : [])].join(', ')}.`
}

const renderOperation = (operation: Description): string => {
  const { summary, method, path, id, description, parameters, body } = operation
  const parts = [
    `### ${summary}`,
    `\`${method} ${path}\` (\`${id}\`)`,
    description,
    parameters.length > 0 ? renderParameters(operation) : '',
    body ? renderFields(fieldsOf(withoutReadOnly(namedPart(body.schema) ?? body.schema))) : '',
    `\`\`\`console\n$ ${renderCurl(exampleOf(operation))}\n\`\`\``,
    renderAnswers(operation),
    renderErrors(operation),
  ]
  return parts.filter(part => part !== '').join('\n\n')
}

const renderSchemas = (operations: Description[]): string[] =>
  answeredSchemas(operations).map(
    ({ title, schema }) => `### ${title}\n\nWhat is answered.\n\n${renderFields(fieldsOf(schema))}`,
  )

const introduction = `# REST API

Written by \`npm run docs\` from the operations themselves; a test fails when it is older than they are. A running server
has the same as a page at \`/docs\`, and for programs at \`/v1/openapi.json\` (OpenAPI 3.1) and \`/v1/swagger.json\`
(Swagger 2.0).

Requests and answers are JSON. Every request carries a \`Cookie\` or an \`Authorization\` header
([which pass](../guides/identities.md), [what each operation asks for](permissions.md)). Fields that the server sets, such as \`id\` and \`status\`, may be sent back as they came: they
are checked and ignored, and left out below. Unknown fields are ignored too. Lists come without an envelope. The header
\`x-request-id\` of every answer names the request in the server's log. How refusals look: [errors](errors.md). What
differs from the original: [deviations](../decisions/0016-deviations-from-the-original.md).`

export function renderMarkdown(descriptions: Description[]): string {
  const groups = [...Map.groupBy(descriptions, ({ group }) => group)]
  const sections = groups.flatMap(([group, operations]) => [
    `## ${capitalize(group)}`,
    ...operations.map(renderOperation),
    ...renderSchemas(operations),
  ])
  return `${[introduction, ...sections].join('\n\n')}\n`
}
