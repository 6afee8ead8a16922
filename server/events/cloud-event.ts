/** Events as clients send them in CloudEvents 1.0: what is valid, in the JSON format and in headers. */
import { type Static, type TSchema, Type } from '@sinclair/typebox'
import { isAttributeValue } from '../core/emission.ts'
import { eventType } from './schema.ts'

const filled = (description: string) => Type.String({ minLength: 1, description })
const optional = (description: string) => Type.Optional(filled(description))

const attributes = {
  specversion: Type.String({ enum: ['1.0'], description: 'Must be 1.0' }),
  type: eventType,
  source: filled('Where the event happened'),
  id: filled('Tells the events of one source apart'),
  time: Type.Optional(Type.String({ format: 'date-time', description: 'When it happened, by RFC 3339' })),
  datacontenttype: optional('Media type of its data'),
  dataschema: optional('URI of the schema that its data has'),
  subject: optional('What in the source the event is about'),
}

export const cloudEventBody = Type.Object(
  {
    ...attributes,
    data: Type.Optional(Type.Unknown({ description: 'What functions get as their input' })),
    data_base64: Type.Optional(
      Type.String({ format: 'byte', description: 'In place of data: bytes, which functions get as this text' }),
    ),
  },
  {
    title: 'CloudEvent',
    description: 'CloudEvents 1.0, with any extension attributes',
    additionalProperties: Type.Unknown({ description: 'An extension attribute' }),
    examples: [{ specversion: '1.0', type: 'user.created', source: '/sign-up', id: '1', data: { name: 'Jon' } }],
  },
)
export type CloudEventBody = Static<typeof cloudEventBody>

const headerOf = ([name, schema]: [string, TSchema]): [string, TSchema] => [`ce-${name}`, schema]
const { datacontenttype: _, ...sentAsHeaders } = attributes

/** The attributes in binary mode; the type of the data is that of the body. */
export const cloudEventHeaders = Type.Object(Object.fromEntries(Object.entries(sentAsHeaders).map(headerOf)))

const known = Object.keys(attributes)

function extensionFaults([name, value]: [string, unknown]): string[] {
  if (known.includes(name) || value === null) return []
  if (!/^[a-z0-9]+$/.test(name) || name === 'data')
    return [`${name} cannot be the name of an attribute: lower-case letters and digits only, and not data`]
  if (isAttributeValue(value)) return []
  return [`attribute ${name} must be text, true, false, or a whole number of 32 bits`]
}

const absoluteUri = /^[a-z][a-z0-9+.-]*:\S+$/i
const mediaType = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+\s*(;.*)?$/s

/** Lines that say what CloudEvents 1.0 does not allow in the attributes; empty when nothing is wrong. */
export function findAttributeFaults(event: Record<string, unknown>): string[] {
  const { dataschema, datacontenttype } = event
  return [
    ...(dataschema === undefined || absoluteUri.test(String(dataschema)) ? [] : ['dataschema must be an absolute URI']),
    ...(datacontenttype === undefined || mediaType.test(String(datacontenttype))
      ? []
      : ['datacontenttype must be a media type']),
    ...Object.entries(event).flatMap(extensionFaults),
  ]
}
