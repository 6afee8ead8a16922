/** An event as it is stored, in CloudEvents 0.1, and the same event in CloudEvents 1.0. Pure. */
import { appendMembers, joinMembers } from './json.ts'

/** CloudEvents 0.1 without the data: those are JSON text, so that their numbers stay as they were written. */
export interface Emission {
  eventType: string
  cloudEventsVersion: string
  source: string
  eventID: string
  eventTypeVersion?: string
  eventTime?: string
  schemaURL?: string
  contentType?: string
  extensions?: object
}

/** CloudEvents 1.0 without the data. What has no place of its own in 0.1 is one of its extensions there. */
export interface CloudEvent {
  type: string
  source: string
  id: string
  time?: string
  dataschema?: string
  datacontenttype?: string
  [extension: string]: unknown
}

/** The time of an event that has none, as CloudEvents 0.1 is answered. */
export const noTime = '0001-01-01T00:00:00.000Z'

/** The extension that tells that the data of an event in 0.1 are bytes in base64; an attribute of its own in CloudEvents 0.3. */
const encoding = 'datacontentencoding'
const version = 'eventtypeversion'

const textOf = (value: unknown): string | undefined => (value ? JSON.stringify(value) : undefined)

/** The event's members on the wire; what is empty is left out. */
export const emissionMembers = (emission: Emission, dataJson = 'null') => ({
  eventType: textOf(emission.eventType),
  eventTypeVersion: textOf(emission.eventTypeVersion),
  cloudEventsVersion: textOf(emission.cloudEventsVersion),
  source: textOf(emission.source),
  eventID: textOf(emission.eventID),
  eventTime: textOf(emission.eventTime),
  schemaURL: textOf(emission.schemaURL),
  contentType: textOf(emission.contentType),
  extensions: textOf(emission.extensions),
  data: dataJson,
})

/** `isBase64`: its data are the text of bytes. */
export function toEmission(event: CloudEvent, { isBase64 }: { isBase64: boolean }): Emission {
  const { type, source, id, time, dataschema, datacontenttype, specversion: _, [version]: typeVersion, ...rest } = event
  const isVersion = typeof typeVersion === 'string' && typeVersion !== ''
  const given = Object.entries(isVersion ? rest : { ...rest, [version]: typeVersion })
  const extensions = {
    ...Object.fromEntries(given.filter(([, value]) => value !== null && value !== undefined)),
    ...(isBase64 && { [encoding]: 'base64' }),
  }
  return {
    eventType: type,
    ...(isVersion && { eventTypeVersion: typeVersion }),
    cloudEventsVersion: '0.1',
    source,
    eventID: id,
    eventTime: time ?? noTime,
    ...(dataschema !== undefined && { schemaURL: dataschema }),
    ...(datacontenttype !== undefined && { contentType: datacontenttype }),
    ...(Object.keys(extensions).length > 0 && { extensions }),
  }
}

/** Names that extensions of CloudEvents 1.0 cannot have. */
const taken = ['specversion', 'type', 'source', 'id', 'time', 'dataschema', 'datacontenttype', 'data']

/** Of CloudEvents 1.0. */
export const isAttributeValue = (value: unknown): boolean =>
  typeof value === 'string' || typeof value === 'boolean' || (Number.isInteger(value) && value === Number(value) >> 0)

/** Extensions of 0.1 have any name and any value; 1.0 knows lower-case letters and digits, and texts, flags and 32-bit integers. */
function extensionMembers(extensions: object): Record<string, string> {
  const members: Record<string, string> = {}
  for (const [key, value] of Object.entries(extensions)) {
    const name = key.toLowerCase().replace(/[^a-z0-9]/g, '')
    if (name === '' || taken.includes(name) || Object.hasOwn(members, name) || value === null) continue
    if (name === 'subject' && value === '') continue
    const text = JSON.stringify(value)
    members[name] = isAttributeValue(value) ? text : JSON.stringify(text)
  }
  return members
}

/** The event in the JSON format of CloudEvents 1.0. Extensions for which 1.0 has no name are left out. */
export function renderCloudEvent(emission: Emission, dataJson = 'null'): string {
  const { eventTime, eventTypeVersion } = emission
  const { [encoding]: encodedAs, ...extensions } = extensionMembers(emission.extensions ?? {})
  const isBase64 = encodedAs === '"base64"' && dataJson.startsWith('"')
  const data = dataJson === 'null' ? undefined : dataJson
  return joinMembers({
    specversion: '"1.0"',
    id: JSON.stringify(emission.eventID),
    source: JSON.stringify(emission.source),
    type: JSON.stringify(emission.eventType),
    time: eventTime && eventTime !== noTime ? JSON.stringify(eventTime) : undefined,
    datacontenttype: textOf(emission.contentType),
    dataschema: textOf(emission.schemaURL),
    ...extensions,
    ...(eventTypeVersion && { [version]: textOf(eventTypeVersion) }),
    ...(encodedAs !== undefined && !isBase64 && { [encoding]: encodedAs }),
    ...(isBase64 ? { data_base64: data } : { data }),
  })
}

const isEmission = (event: object): event is Emission =>
  Reflect.get(event, 'cloudEventsVersion') === '0.1' &&
  ['eventType', 'source', 'eventID'].every(key => typeof Reflect.get(event, key) === 'string')

/**
 * What the context of a call tells of its event, each as JSON text: in both versions, and with what the function gets as its input
 * where the event has no data of its own. What is no event of ours is passed on as it came.
 */
export function eventContext(event: object, inputJson: string | undefined): { event: string; cloudEvent?: string } {
  if (!isEmission(event)) return { event: JSON.stringify(event) }
  const own: unknown = Reflect.get(event, 'data')
  const data = own === null || own === undefined ? (inputJson ?? 'null') : JSON.stringify(own)
  const { eventTime } = event
  const time = eventTime === noTime ? { eventTime: '0001-01-01T00:00:00Z' } : {}
  const alone = JSON.stringify({ ...event, ...time, data: undefined })
  return { event: appendMembers(alone, { data }), cloudEvent: renderCloudEvent(event, data) }
}
