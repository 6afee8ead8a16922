/** The REST operations by which events come in: clients emit them, drivers have them ingested. */
import { Type } from '@sinclair/typebox'
import { dispatchError, validationError } from '../core/errors.ts'
import { type Operation, type OperationReply, type OperationRequest, operation } from '../http/operation.ts'
import type { Bus } from './bus.ts'
import { createEventReader, eventsBody, type Incoming, shownEvents, structuredTypes } from './incoming.ts'
import type { Senders } from './senders.ts'

export interface EmitDependencies {
  bus: Pick<Bus, 'emit'>
  senders: Pick<Senders, 'find'>
  /** Whether what comes from its drivers is taken in. */
  hasOrganization(org: string): boolean | Promise<boolean>
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

const delivered = 'It is stored before the answer, and then delivered to every subscription that waits for it.'
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

export function createEmitOperations({ bus, senders, hasOrganization }: EmitDependencies): Operation[] {
  const findSender = async ({ query, authorization }: Pick<OperationRequest, 'query' | 'authorization'>) => {
    const token = String(query.authToken ?? '') || bearer.exec(authorization)?.[1]
    if (!token) throw validationError(602, 'authToken in query is required')
    const found = await senders.find(token)
    if (!found) throw dispatchError('UNKNOWN_TOKEN', {})
    if (!(await hasOrganization(found.org))) throw dispatchError('NO_ORGANIZATION', { org: found.org })
    return found
  }
  return [
    operation({
      id: 'emitEvent',
      group: 'events',
      method: 'POST',
      path: '/v1/event',
      summary: 'Emit an event, or a list of them',
      description: `${delivered} ${versions}`,
      errors: ['EVENT_INVALID', 'INTERNAL', 'DISK_FULL'],
      ...taken,
      audit: 'counted',
      handle: async ({ org, body }) => {
        checkValid(body)
        await bus.emit(org, body.events)
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
      errors: ['UNKNOWN_TOKEN', 'NO_ORGANIZATION', 'EVENT_INVALID', 'INTERNAL', 'DISK_FULL'],
      access: 'driver',
      anyOrganization: true,
      querySchema: Type.Object({
        authToken: Type.Optional(
          Type.String({ description: 'The token that the driver was started with', examples: ['TOKEN'] }),
        ),
      }),
      ...taken,
      audit: 'counted',
      checkSender: findSender,
      handle: async request => {
        const { org } = await findSender(request)
        const { body } = request
        checkValid(body)
        await bus.emit(org, body.events)
        return echo(body)
      },
    }),
  ]
}
