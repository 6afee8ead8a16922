/** Reads the events of a request, whichever version of CloudEvents and mode they come in, into the one form that is stored. */
import { Type } from '@sinclair/typebox'
import { type Emission, renderCloudEvent, toEmission } from '../core/emission.ts'
import { validationError } from '../core/errors.ts'
import { memberText, parseExactJson, renderExactJson } from '../core/json.ts'
import type { BodyReader } from '../http/operation.ts'
import { checkMediaType, createValueReader, readFirstJson } from '../http/read-body.ts'
import { createBinaryReader, type EventData, isBinary } from './binary-event.ts'
import { cloudEventBody, findAttributeFaults } from './cloud-event.ts'
import { emissionBody, emissionOf, findFaults, renderEmission, shownEmission } from './emission.ts'

export interface IncomingEvent {
  emission: Emission
  /** What is stored: the event in CloudEvents 0.1, numbers of its data to the letter. */
  text: string
  /** The same, in the version in which it came. */
  echo: string
  /** Lines that say what is wrong with it; told only to those who may send events. */
  faults: string[]
}

export interface Incoming {
  events: IncomingEvent[]
  /** Whether it is a list, of one event too: so is its answer then. */
  isList: boolean
}

const one = Type.Union([emissionBody, cloudEventBody])
const shownOne = Type.Union([shownEmission, cloudEventBody])

/** What the reader takes, for those who read about it; their data alone when the attributes are headers. */
export const eventsBody = Type.Union([emissionBody, cloudEventBody, Type.Array(one)], {
  examples: emissionBody.examples,
})
export const shownEvents = Type.Union([shownEmission, cloudEventBody, Type.Array(shownOne)])

export const structuredTypes = ['application/cloudevents+json', 'application/cloudevents-batch+json']
const maxEvents = 1000

type Attributes = Record<string, unknown>
type CloudEventReader = (attributes: Attributes, data: EventData) => IncomingEvent

const isThere = (value: unknown): boolean => value !== null && value !== undefined
const withoutNulls = (value: unknown): Attributes =>
  Object.fromEntries(Object.entries(value ?? {}).filter(([, item]) => isThere(item)))

/** Names are compared exactly, and null is as good as absent: so the JSON format has it. */
function createCloudEventReader(): CloudEventReader {
  const readValue = createValueReader(cloudEventBody, { normalize: withoutNulls })
  return (value, { dataJson, isBase64 }) => {
    const { data, data_base64, ...attributes } = readValue(value)
    const emission = toEmission(attributes, { isBase64 })
    const isTwice = data !== undefined && data_base64 !== undefined
    const faults = [...findAttributeFaults(attributes), ...(isTwice ? ['data and data_base64 exclude each other'] : [])]
    return { emission, text: renderEmission(emission, dataJson), echo: renderCloudEvent(emission, dataJson), faults }
  }
}

const isCloudEvent = (value: unknown): value is Attributes =>
  typeof value === 'object' && value !== null && 'specversion' in value && !('cloudEventsVersion' in value)

function dataOf({ data, data_base64 }: Attributes, text: string): EventData {
  const isBase64 = isThere(data_base64)
  return { isBase64, dataJson: isBase64 ? JSON.stringify(data_base64) : memberText(text, 'data', data) }
}

/** Each item tells itself of which version it is. */
function createItemReader(readCloudEvent: CloudEventReader): (value: unknown, text: string) => IncomingEvent {
  const readEmission = createValueReader(emissionBody)
  return (value, text) => {
    if (isCloudEvent(value)) return readCloudEvent(value, dataOf(value, text))
    const sent = readEmission(value)
    const emission = emissionOf(sent)
    const echo = renderEmission(emission, memberText(text, 'data', sent.data), sent)
    return { emission, text: echo, echo, faults: findFaults(sent) }
  }
}

/** The items of a list, each with its text. */
function splitList(list: unknown[], text: string): [unknown, string][] {
  if (list.length > maxEvents) throw validationError(611, `body in body should have at most ${maxEvents} items`)
  const exact = parseExactJson(text)
  return list.map((item, index) => [item, renderExactJson(Array.isArray(exact) ? exact[index] : item)])
}

/** For the body of a request: one event or a list of them in JSON, or the data of one whose attributes are headers. */
export function createEventReader(): BodyReader<Incoming> {
  const readCloudEvent = createCloudEventReader()
  const readItem = createItemReader(readCloudEvent)
  const readBinary = createBinaryReader()
  const readJson = (content: string): Incoming => {
    const { value, text } = readFirstJson(content)
    if (!Array.isArray(value)) return { events: [readItem(value, text)], isList: false }
    return { events: splitList(value, text).map(([item, itemText]) => readItem(item, itemText)), isList: true }
  }
  return sent => {
    if (isBinary(sent)) {
      const { attributes, data } = readBinary(sent)
      return { body: { events: [readCloudEvent(attributes, data)], isList: false }, bodyText: '' }
    }
    const { headers, content } = sent
    if (content.length > 0) checkMediaType(headers['content-type'], ['application/json', ...structuredTypes])
    return { body: readJson(content.toString()), bodyText: '' }
  }
}
