/** What documents say of an operation, from the data that routes and validates it. */
import type { TObject } from '@sinclair/typebox'
import { catalogue, type ErrorName } from '../../core/errors.ts'
import { auditModeOf } from '../auditor.ts'
import type { Operation } from '../operation.ts'
import { publicSchema, type Schema } from './schema.ts'

export interface Parameter {
  name: string
  in: 'path' | 'query' | 'header'
  required: boolean
  description: string
  schema: Schema
}

export interface DescribedBody {
  schema: Schema
  required: boolean
  /** Media types. */
  types: readonly string[]
}

export interface DescribedAnswer {
  status: number
  description: string
  contentType: string
  orContentType?: string
  schema?: Schema
}

/** The refusals with one status. */
export interface DescribedErrors {
  status: number
  names: ErrorName[]
  /** Texts of the catalogue. */
  texts: string[]
}

export interface Description extends Pick<Operation, 'id' | 'group' | 'method' | 'path' | 'summary' | 'access'> {
  /** What it asks of its caller, in a word: `secret:get`, and `everywhere` where only a global policy gives it. */
  permission: string
  description: string
  parameters: Parameter[]
  body?: DescribedBody
  answers: DescribedAnswer[]
  errors: DescribedErrors[]
}

export const organizationHeader: Parameter = {
  name: 'X-Dispatch-Org',
  in: 'header',
  required: true,
  description: 'The organization that the request is about',
  schema: { type: 'string', examples: ['dispatch'] },
}

/** In an address a whole number of any length is text; its reader does not care. */
const asNumber = (schema: Schema): Schema => (schema.format === 'int64' ? { ...schema, type: 'integer' } : schema)

function parametersIn(place: 'path' | 'query', schema: TObject | undefined): Parameter[] {
  const { properties = {}, required = [] } = schema ? publicSchema(schema) : {}
  return Object.entries(properties).map(([name, { description = '', ...rest }]) => ({
    name,
    in: place,
    required: required.includes(name),
    description,
    schema: asNumber(rest),
  }))
}

/** A request that breaks a rule of its schemas; not in the catalogue, for its texts are made from the rules. */
const violation = { status: 422, text: '{field} in {place} ...: a rule is broken, and code is its number' }

/** What follows from the operation itself comes first, as it is checked first. */
function errorNames(operation: Operation): ErrorName[] {
  const { access, anyOrganization, bodySchema, errors = [] } = operation
  const ofBody: ErrorName[] = ['CONTENT_TYPE_NOT_PARSED', 'BODY_NOT_PARSED', 'BODY_TOO_LARGE', 'MEDIA_TYPE']
  const isDecided = typeof access !== 'string'
  return [
    ...(access === 'public' ? [] : (['UNAUTHENTICATED'] as const)),
    ...(isDecided ? (['FORBIDDEN'] as const) : []),
    ...(isDecided && !anyOrganization ? (['NO_ORGANIZATION', 'ORGANIZATION_UNNAMED'] as const) : []),
    ...(bodySchema ? ofBody : []),
    ...errors,
    ...(auditModeOf(operation) === 'each' ? (['AUDIT_UNWRITABLE'] as const) : []),
    'UNEXPECTED',
  ]
}

function describeErrors(operation: Operation, isChecked: boolean): DescribedErrors[] {
  const byStatus = new Map<number, DescribedErrors>()
  const at = (status: number): DescribedErrors => {
    const known = byStatus.get(status) ?? { status, names: [], texts: [] }
    byStatus.set(status, known)
    return known
  }
  for (const name of errorNames(operation)) {
    const { httpStatus, text } = catalogue[name]
    const { names, texts } = at(httpStatus)
    names.push(name)
    texts.push(text)
  }
  if (isChecked) at(violation.status).texts.push(violation.text)
  return [...byStatus.values()].toSorted((a, b) => a.status - b.status)
}

function permissionOf({ access, anyOrganization, organizationParameter }: Operation): string {
  if (typeof access === 'string') return access
  const isOfAll = anyOrganization && organizationParameter === undefined
  return `${access.resource}:${access.action}${isOfAll ? ' everywhere' : ''}`
}

export function describe(operation: Operation): Description {
  const { id, group, method, path, summary, description = '', access, bodySchema, bodyTypes = [] } = operation
  const hasOrganization = access !== 'public' && !operation.anyOrganization
  const parameters = [
    ...(hasOrganization ? [organizationHeader] : []),
    ...parametersIn('path', operation.pathSchema),
    ...parametersIn('query', operation.querySchema),
  ]
  return {
    ...{ id, group, method, path, summary, description, access, parameters },
    permission: permissionOf(operation),
    ...(bodySchema && {
      body: { schema: publicSchema(bodySchema), required: true, types: ['application/json', ...bodyTypes] },
    }),
    answers: Object.entries(operation.answers).map(([status, { contentType = 'application/json', ...answer }]) => ({
      status: Number(status),
      description: answer.description,
      contentType,
      ...(answer.orContentType && { orContentType: answer.orContentType }),
      ...(answer.schema && { schema: publicSchema(answer.schema) }),
    })),
    errors: describeErrors(operation, parameters.length > 0 || bodySchema !== undefined),
  }
}
