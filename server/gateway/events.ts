/** Server-sent events from what a function gives. The format is that of the HTML standard, "event stream interpretation". Pure. */
import { memberText } from '../core/json.ts'

/** Anything with other members is data as a whole. */
const fields = ['data', 'event', 'id', 'retry']

/** A field ends with its line. */
const renderField = (name: string, value: unknown): string =>
  value === undefined || value === null ? '' : `${name}: ${String(value).replace(/[\r\n\0]/g, ' ')}\n`

export const renderTextEvent = (text: string): string => `data: ${text.split(/\r\n|\r|\n/).join('\ndata: ')}\n\n`

/** An object with `data`, and with no more than `event`, `id` and `retry` beside, is an event; any other value is the data of one. */
export function renderJsonEvent(json: string): string {
  const value: unknown = JSON.parse(json)
  if (typeof value !== 'object' || value === null || !('data' in value)) return renderTextEvent(json)
  if (Object.keys(value).some(name => !fields.includes(name))) return renderTextEvent(json)
  const { data, event, id, retry }: { data: unknown; event?: unknown; id?: unknown; retry?: unknown } = value
  const text = typeof data === 'string' ? data : (memberText(json, 'data', data) ?? 'null')
  return `${renderField('event', event)}${renderField('id', id)}${renderField('retry', retry)}${renderTextEvent(text)}`
}
