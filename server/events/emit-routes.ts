/** The REST operations by which events come in: clients emit them, drivers have them ingested. */
import { Type } from '@sinclair/typebox'
import { dispatchError, validationError } from '../core/errors.ts'
import { parseExactJson, renderExactJson } from '../core/json.ts'
import { type Operation, operation } from '../http/operation.ts'
import type { Collection } from '../store/port.ts'
import type { Driver } from './driver-schema.ts'
import { type Emission, emissionBody, emissionsBody, findFaults, renderEmission, shownEmission } from './emission.ts'
import type { Subscription } from './schema.ts'

export interface EmitDependencies {
  subscriptions: Collection<Subscription>
  drivers: Collection<Driver>
}

function checkValid(event: Emission): void {
  const faults = findFaults(event)
  if (faults.length > 0) throw dispatchError('EVENT_INVALID', { cause: faults.join('\n') })
}

/** The text of each item, or of the one that came alone. */
function textsOf(bodyText: string): string[] {
  if (!bodyText.trimStart().startsWith('[')) return [bodyText]
  const items = parseExactJson(bodyText)
  return Array.isArray(items) ? items.map(renderExactJson) : []
}

const maxEvents = 1000
const bearer = /^Bearer +(\S+)$/i

export function createEmitOperations({ subscriptions, drivers }: EmitDependencies): Operation[] {
  /** To say yes to an event that nobody will get would be worse than to refuse it. */
  const checkUnsubscribed = async (org: string, events: Emission[]): Promise<void> => {
    const present = (await subscriptions.list(org)).filter(({ status }) => status !== 'DELETING')
    const nameByType = new Map(present.toReversed().map(({ eventType, name }) => [eventType, name]))
    for (const { eventType } of events) {
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
      summary: 'Emit an event',
      description: 'Until events are delivered, one that a subscription waits for is refused.',
      answers: { 200: { description: 'The event', schema: shownEmission } },
      errors: ['EVENT_INVALID', 'NOT_DELIVERED', 'INTERNAL'],
      bodySchema: emissionBody,
      handle: async ({ org, body, bodyText }) => {
        checkValid(body)
        await checkUnsubscribed(org, [body])
        return { status: 200, json: renderEmission(body, bodyText) }
      },
    }),
    operation({
      id: 'ingestEvent',
      group: 'events',
      method: 'POST',
      path: '/v1/event/ingest',
      summary: "Take in a driver's event, or a list of them",
      description: "The driver's token comes as authToken, or as Authorization: Bearer TOKEN.",
      answers: {
        200: {
          description: 'The event, or the list of them',
          schema: Type.Union([shownEmission, Type.Array(shownEmission)]),
        },
      },
      errors: ['UNKNOWN_TOKEN', 'EVENT_INVALID', 'NOT_DELIVERED', 'INTERNAL'],
      anyOrganization: true,
      querySchema: Type.Object({
        authToken: Type.Optional(
          Type.String({ description: 'The token that the driver was started with', examples: ['TOKEN'] }),
        ),
      }),
      bodySchema: emissionsBody,
      handle: async ({ body: events, bodyText, query, authorization }) => {
        if (events.length > maxEvents) throw validationError(611, `body in body should have at most ${maxEvents} items`)
        const token = query.authToken || bearer.exec(authorization)?.[1]
        if (!token) throw validationError(602, 'authToken in query is required')
        const { org } = await findDriver(token)
        for (const event of events) checkValid(event)
        await checkUnsubscribed(org, events)
        const texts = textsOf(bodyText)
        const echoes = events.map((event, index) => renderEmission(event, texts[index] ?? ''))
        const isList = bodyText.trimStart().startsWith('[')
        return { status: 200, json: isList ? `[${echoes.join()}]` : echoes.join() }
      },
    }),
  ]
}
