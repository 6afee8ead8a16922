/** The API as a Swagger 2.0 document, which older tools read. Where that cannot say a thing, it says less. */
import type { DescribedAnswer, Description, Parameter } from './describe.ts'
import { credentials, describeRefusals, errorSchema, groupByPath, renderHead, renderTop } from './openapi.ts'
import { createNamedSchemas, mapSchema, type NamedSchemas, type Schema } from './schema.ts'

interface SwaggerSchema extends Schema {
  example?: unknown
  'x-nullable'?: boolean
}

/** It knows neither unions nor constants: null is a flag beside the other type, and of several types the first one stands. */
function toSwagger({ const: constant, examples, anyOf, ...schema }: Schema): SwaggerSchema {
  const example = examples && { example: examples[0] }
  if (constant !== undefined) return { ...schema, ...example, enum: [constant] }
  if (schema.type === 'null') return { description: schema.description ?? '', 'x-nullable': true }
  if (!anyOf) return { ...schema, ...example }
  const isNullable = anyOf.some(each => 'x-nullable' in each)
  return { ...anyOf[0], ...schema, ...(isNullable && { 'x-nullable': true }) }
}

const renderParameter = ({ schema, ...parameter }: Parameter) => {
  const { example: _, ...plain } = toSwagger(schema)
  return { ...parameter, ...plain, ...(plain.type === 'array' && { collectionFormat: 'multi' }) }
}

const renderAnswer = ({ description, contentType, schema }: DescribedAnswer, refer: NamedSchemas['refer']) => ({
  description,
  ...(schema && { schema: refer(schema) }),
  ...(contentType !== 'application/json' && { schema: { type: 'string' } }),
})

function renderOperation(operation: Description, refer: NamedSchemas['refer']) {
  const { parameters, body, answers, errors } = operation
  const types = answers.flatMap(({ contentType, orContentType = [] }) => [contentType].concat(orContentType))
  const bodyParameter = body && { name: 'body', in: 'body', required: body.required, schema: refer(body.schema) }
  const allParameters = [...parameters.map(renderParameter), ...(bodyParameter ? [bodyParameter] : [])]
  return {
    ...renderHead(operation),
    ...(body && body.types.length > 1 && { consumes: body.types }),
    ...(types.some(type => type !== 'application/json') && { produces: [...new Set(types)] }),
    ...(allParameters.length > 0 && { parameters: allParameters }),
    responses: {
      ...Object.fromEntries(answers.map(answer => [answer.status, renderAnswer(answer, refer)])),
      ...Object.fromEntries(
        errors.map(error => [error.status, { description: describeRefusals(error), schema: refer(errorSchema) }]),
      ),
    },
  }
}

export function renderSwagger(descriptions: Description[], version: string): object {
  const named = createNamedSchemas('#/definitions/')
  const refer = (schema: Schema): Schema => named.refer(mapSchema(schema, toSwagger))
  const paths = groupByPath(descriptions, description => renderOperation(description, refer))
  return {
    swagger: '2.0',
    ...renderTop(descriptions, version),
    basePath: '/',
    consumes: ['application/json'],
    produces: ['application/json'],
    securityDefinitions: credentials,
    paths,
    definitions: named.all(),
  }
}
