/** Owns `emit`: one event. */
import { defineCommand, exactly } from '../command.ts'
import { readEventData } from '../event-data.ts'
import { renderMilliseconds } from '../format/dates.ts'

const omitEmpty = (fields: Record<string, string>) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''))

export const command = defineCommand({
  usage: 'EVENT_TYPE',
  description: 'Emit an event. Functions that are subscribed to its type are called with its data.',
  examples: [
    `dispatch emit user.created --data '{"name": "Jon"}'`,
    'dispatch emit report.ready --data-from-file report.pdf --binary --source reports',
  ],
  arity: exactly(1),
  flags: {
    data: { kind: 'text', value: 'JSON', summary: 'data of the event; other text with a --content-type' },
    'data-from-file': {
      kind: 'text',
      value: 'FILE',
      summary: 'file with the data; what is not text is sent in base64',
    },
    'content-type': {
      kind: 'text',
      value: 'TYPE',
      summary: 'type of the data (default application/json, of a file what it looks like)',
    },
    'source-id': { kind: 'text', value: 'SOURCE', fallback: 'dispatch', summary: 'where the event comes from' },
    source: { kind: 'text', value: 'SOURCE', summary: 'the same as --source-id' },
    'event-id': { kind: 'text', value: 'ID', summary: 'id of the event (default a random UUID)' },
    'event-type-version': { kind: 'text', value: 'VERSION', summary: 'version of the event type' },
    'event-schema-url': { kind: 'text', value: 'URL', summary: 'schema of the data' },
    binary: { kind: 'toggle', summary: 'send the file in base64, whatever it holds' },
  },
  async run({ args: [eventType = ''], flags, session, io }) {
    const data = await readEventData({
      data: flags.data,
      file: flags['data-from-file'],
      isBinary: flags.binary,
      contentType: flags['content-type'],
      cwd: io.cwd,
    })
    const body = {
      ...omitEmpty({
        eventType,
        eventTypeVersion: flags['event-type-version'],
        cloudEventsVersion: '0.1',
        source: flags.source || flags['source-id'],
        eventID: flags['event-id'] || io.uuid(),
        eventTime: renderMilliseconds(io.now(), io.timeZone),
        schemaURL: flags['event-schema-url'],
      }),
      ...data,
    }
    const client = await session.client()
    await client.request({ method: 'POST', path: ['v1', 'event'], body })
    session.report('event emitted')
    return 0
  },
})
