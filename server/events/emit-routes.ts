/** The REST operations by which events come in: clients emit them, drivers have them ingested. */
import { Type } from '@sinclair/typebox'
import { dispatchError, validationError } from '../core/errors.ts'
import { type Operation, type OperationReply, operation } from '../http/operation.ts'
import type { Collection } from '../store/port.ts'
import type { Driver } from './driver-schema.ts'
import { createEventReader, eventsBody, type Incoming, shownEvents, structuredTypes } from './incoming.ts'
import type { Subscription } from './schema.ts'

export interface EmitDependencies {
  subscriptions: Collection<Subscription>
  drivers: Collection<Driver>
}

/** In the version in which each came. */
const echo = ({ events, isList }: Incoming): OperationReply => {
  const echoes = events.map(event => event.echo)
  return { status: 200, json: isList ? `[${echoes.join()}]` : echoes.join() }
}

function checkValid({ events }: Incoming): void {
  const invalid = events.find(({ faults }) => faults.length > 0)
  if (invalid) throw dispatchError('EVENT_INVALID', { cause: invalid.faults.join('\n') })
}

const versions =
  'Beside CloudEvents 0.1, as below, it takes 1.0: in its JSON format, or with its attributes as headers, such as ce-id, and its data as the body.'

/** What both operations say of what they take and answer. */
const taken = {
  answers: {
    200: { description: 'The event, or the list of events, in the version that each came in', schema: shownEvents },
  },
  bodySchema: eventsBody,
  bodyTypes: structuredTypes,
  createReader: createEventReader,
}
const bearer = /^Bearer +(\S+)$/i

export function createEmitOperations({ subscriptions, drivers }: EmitDependencies): Operation[] {
  /** To say yes to an event that nobody will get would be worse than to refuse it. */
  const checkUnsubscribed = async (org: string, { events }: Incoming): Promise<void> => {
    const present = (await subscriptions.list(org)).filter(({ status }) => status !== 'DELETING')
    const nameByType = new Map(present.toReversed().map(({ eventType, name }) => [eventType, name]))
    for (const { eventType } of events.map(({ emission }) => emission)) {
      const name = nameByType.get(eventType)
      if (name !== undefined) throw dispatchError('NOT_DELIVERED', { eventType, name })
    }
  }
  const findDriver = async (token: string): Promise<Driver> => {
    const found = (await drivers.list()).find(driver => driver.token === token && driver.status !== 'DELETING')
    if (!found) throw dispatchError('UNKNOWN_TOKEN', {})
    return found
  }
  return [
    operation({
      id: 'emitEvent',
      group: 'events',
      method: 'POST',
      path: '/v1/event',
      summary: 'Emit an event, or a list of them',
      description: `${versions} Until events are delivered, one that a subscription waits for is refused.`,
      errors: ['EVENT_INVALID', 'NOT_DELIVERED', 'INTERNAL'],
      ...taken,
      handle: async ({ org, body }) => {
        checkValid(body)
        await checkUnsubscribed(org, body)
        return echo(body)
      },
    }),
    operation({
      id: 'ingestEvent',
      group: 'events',
      method: 'POST',
      path: '/v1/event/ingest',
      summary: "Take in a driver's event, or a list of them",
      description: `The driver's token comes as authToken, or as Authorization: Bearer TOKEN. ${versions}`,
      errors: ['UNKNOWN_TOKEN', 'EVENT_INVALID', 'NOT_DELIVERED', 'INTERNAL'],
      anyOrganization: true,
      querySchema: Type.Object({
        authToken: Type.Optional(
          Type.String({ description: 'The token that the driver was started with', examples: ['TOKEN'] }),
        ),
      }),
      ...taken,
      handle: async ({ body, query, authorization }) => {
        const token = query.authToken || bearer.exec(authorization)?.[1]
        if (!token) throw validationError(602, 'authToken in query is required')
        const { org } = await findDriver(token)
        checkValid(body)
        await checkUnsubscribed(org, body)
        return echo(body)
      },
    }),
  ]
}
