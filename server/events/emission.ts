/** Events as clients emit them in CloudEvents 0.1, its fields on the top level: what is valid, and the echo of it. */
import { type Static, Type } from '@sinclair/typebox'
import { type Emission, emissionMembers } from '../core/emission.ts'
import { joinMembers } from '../core/json.ts'
import { tags, text } from '../http/shapes.ts'
import { eventType } from './schema.ts'
export const emissionBody = Type.Object(
  {
    cloudEventsVersion: Type.String({ description: 'Must be 0.1' }),
    eventTime: Type.Optional(Type.String({ format: 'date-time', description: 'When it happened, by RFC 3339' })),
    eventType,
    source: Type.String({ description: 'Where the event happened' }),
    id: Type.Optional(Type.String({ format: 'uuid', description: 'Echoed' })),
    tags,
    eventID: text('Tells the events of one source apart; must be there and not empty'),
    eventTypeVersion: text('Version of the type'),
    schemaURL: text('URI of the schema that its data has'),
    contentType: text('Media type of its data'),
    extensions: Type.Optional(Type.Object({}, { description: 'Whatever else belongs to it' })),
    data: Type.Optional(Type.Unknown({ description: 'What functions get as their input' })),
    'emitted-time': Type.Optional(Type.Integer({ readOnly: true, description: 'Not looked at' })),
  },
  {
    title: 'EmissionBody',
    examples: [
      {
        cloudEventsVersion: '0.1',
        eventType: 'user.created',
        source: 'sign-up',
        eventID: '1',
        data: { name: 'Jon' },
      },
    ],
  },
)
export type EmissionBody = Static<typeof emissionBody>

export const shownEmission = Type.Object(
  {
    ...emissionBody.properties,
    eventTime: Type.String({ description: 'To milliseconds; 0001-01-01T00:00:00.000Z where it was not given' }),
    data: Type.Unknown({ description: 'As it was given; null where it was not' }),
  },
  { title: 'Emission', description: 'An event in CloudEvents 0.1' },
)

/** As Go's URL parser takes them for a request: with a scheme, or with a path from the root. */
const isUri = (value: string): boolean => /^\/|^[a-z][a-z0-9+.-]*:/i.test(value) && !/\s/.test(value)

/** Lines in the wording of the original's second validator, in the order of its fields; empty when nothing is wrong. */
export function findFaults({ cloudEventsVersion, source, eventID, schemaURL }: EmissionBody): string[] {
  const fault = (field: string, rule: string): string =>
    `Key: 'CloudEvent.${field}' Error:Field validation for '${field}' failed on the '${rule}' tag`
  return [
    ...(cloudEventsVersion === '0.1' ? [] : [fault('CloudEventsVersion', 'eq')]),
    ...(source ? [] : [fault('Source', 'required')]),
    ...(eventID ? [] : [fault('EventID', 'required')]),
    ...(schemaURL && !isUri(schemaURL) ? [fault('SchemaURL', 'uri')] : []),
  ]
}

/** To milliseconds, in the zone that it was given in; what was not given is the year 1, as ever. */
export function renderEventTime(time = '0001-01-01T00:00:00Z'): string {
  const [, date = '', clock = '', fraction = '', zone = '', hours, minutes = '00'] =
    /^(\S{10}).(\d\d:\d\d:\d\d)(?:\.(\d+))?(z|([+-]\d\d)(?::?(\d\d))?)$/i.exec(time) ?? []
  const offset = hours === undefined ? zone.toUpperCase() : `${hours}:${minutes}`
  return `${date}T${clock}.${fraction.slice(0, 3).padEnd(3, '0')}${/^[+-]00:00$/.test(offset) ? 'Z' : offset}`
}

/** Without its data; its time is told as `renderEventTime` does. */
export const emissionOf = ({ data: _, ...sent }: EmissionBody): Emission => ({
  ...sent,
  eventID: sent.eventID ?? '',
  eventTime: renderEventTime(sent.eventTime),
})

const textOf = (value: unknown): string | undefined => (value ? JSON.stringify(value) : undefined)

/** Fields of `sent` that belong to no version of CloudEvents are echoed. */
export const renderEmission = (
  emission: Emission,
  dataJson: string | undefined,
  sent?: Pick<EmissionBody, 'id' | 'emitted-time' | 'tags'>,
): string =>
  joinMembers({
    ...emissionMembers(emission, dataJson),
    id: textOf(sent?.id),
    'emitted-time': textOf(sent?.['emitted-time']),
    tags: textOf(sent?.tags),
  })
