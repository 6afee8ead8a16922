/** The API as an OpenAPI 3.1 document. */
import type { DescribedAnswer, DescribedBody, DescribedErrors, Description, Parameter } from './describe.ts'
import { createNamedSchemas, type NamedSchemas, type Schema } from './schema.ts'

const title = 'Dispatch Solo'
const about = 'Functions, images, secrets, APIs and events on one machine with Docker.'

export const errorSchema: Schema = {
  title: 'Error',
  type: 'object',
  required: ['code', 'message'],
  properties: {
    code: { type: 'integer', description: 'The HTTP status; with 422 the number of the broken rule' },
    message: { type: 'string', description: 'What failed, and why' },
  },
}

/** Either header does; which values pass depends on the mode of the server. */
export const credentials = {
  cookie: { type: 'apiKey', in: 'header', name: 'Cookie' },
  authorization: { type: 'apiKey', in: 'header', name: 'Authorization' },
}

export const describeRefusals = ({ texts }: DescribedErrors): string => texts.map(text => `- ${text}`).join('\n')

/** Operations by path, then by method in lower case. */
export function groupByPath<Rendered>(
  descriptions: Description[],
  render: (description: Description) => Rendered,
): Record<string, Record<string, Rendered>> {
  const paths: Record<string, Record<string, Rendered>> = {}
  for (const description of descriptions) {
    const { path, method } = description
    paths[path] = { ...paths[path], [method.toLowerCase()]: render(description) }
  }
  return paths
}

const groupsOf = (descriptions: Description[]): { name: string }[] =>
  [...new Set(descriptions.map(({ group }) => group))].map(name => ({ name }))

/** What both formats say of an operation in the same words. */
export const renderHead = ({ id, group, summary, description, access, permission }: Description) => ({
  operationId: id,
  tags: [group],
  summary,
  ...(description && { description }),
  ...(access === 'public' && { security: [] }),
  'x-access': permission,
})

/** What both formats say at their beginning. */
export const renderTop = (descriptions: Description[], version: string) => ({
  info: { title, version, description: about },
  security: Object.keys(credentials).map(name => ({ [name]: [] })),
  tags: groupsOf(descriptions),
})

const renderAnswer = (
  { description, contentType, orContentType, schema }: DescribedAnswer,
  { refer }: NamedSchemas,
) => ({
  description,
  ...((schema || contentType !== 'application/json') && {
    content: {
      [contentType]: { schema: schema ? refer(schema) : { type: 'string' } },
      ...(orContentType && { [orContentType]: { schema: { type: 'string' } } }),
    },
  }),
})

const renderParameter = ({ schema, ...parameter }: Parameter) => ({ ...parameter, schema })

function renderOperation(operation: Description, named: NamedSchemas) {
  const { parameters, body, answers, errors } = operation
  const json = (schema: Schema) => ({ 'application/json': { schema: named.refer(schema) } })
  const contentOf = ({ schema, types }: DescribedBody) =>
    Object.fromEntries(types.map(type => [type, { schema: named.refer(schema) }]))
  return {
    ...renderHead(operation),
    ...(parameters.length > 0 && { parameters: parameters.map(renderParameter) }),
    ...(body && { requestBody: { required: body.required, content: contentOf(body) } }),
    responses: {
      ...Object.fromEntries(answers.map(answer => [answer.status, renderAnswer(answer, named)])),
      ...Object.fromEntries(
        errors.map(error => [error.status, { description: describeRefusals(error), content: json(errorSchema) }]),
      ),
    },
  }
}

export function renderOpenApi(descriptions: Description[], version: string): object {
  const named = createNamedSchemas('#/components/schemas/')
  const paths = groupByPath(descriptions, description => renderOperation(description, named))
  return {
    openapi: '3.1.0',
    ...renderTop(descriptions, version),
    servers: [{ url: '/' }],
    paths,
    components: { schemas: named.all(), securitySchemes: credentials },
  }
}
