/** REST operations on events that were stored: what has become of them, and trying again. */
import { Type } from '@sinclair/typebox'
import { dispatchError, validationError } from '../core/errors.ts'
import { type Operation, type OperationReply, operation, renderNextLink } from '../http/operation.ts'
import { flag, pageLimit, text } from '../http/shapes.ts'
import type { EventStore } from '../store/event-port.ts'
import { maxListedBytes } from '../store/port.ts'
import type { Bus } from './bus.ts'
import { groupCounts, renderStored, renderStoredWhole } from './stored.ts'
import { shownStored, shownStoredWhole } from './stored-schema.ts'

export interface StoredDependencies {
  bus: Pick<Bus, 'heldFor' | 'retry' | 'followEvents'>
  events: Pick<EventStore, 'get' | 'list' | 'counts' | 'deliveries'>
}

const collection = '/v1/event/emissions'
const usualLimit = 100

const idInPath = Type.Object({
  eventId: Type.String({
    format: 'uuid',
    description: 'Id of a stored event',
    examples: ['01a20d76-6e31-7986-b2b7-4c460a224a6e'],
  }),
})
const query = Type.Object({
  type: text('Keeps events of this type'),
  dead: flag('Keeps events with a dead delivery'),
  limit: pageLimit,
  before: Type.Optional(Type.String({ format: 'uuid', description: 'Id of an event: keeps what is older' })),
  follow: flag('Whether the answer tells the events that come, as server-sent events, instead of those that there are'),
})

export function createStoredOperations({ bus, events }: StoredDependencies): Operation[] {
  const answerWhole = async (org: string, id: string): Promise<OperationReply> => {
    const event = await events.get(org, id.toLowerCase())
    if (!event) throw dispatchError('NOT_FOUND', { kind: 'event', name: id })
    return { status: 200, json: renderStoredWhole(event, await events.deliveries(event.id), bus.heldFor) }
  }

  const list = async (org: string, asked: Record<string, string | undefined>): Promise<OperationReply> => {
    const limit = Number(asked.limit ?? usualLimit)
    const filter = { type: asked.type || undefined, dead: asked.dead === 'true', before: asked.before?.toLowerCase() }
    const found = await events.list({ org, limit, ...filter })
    const ids = found.map(({ id }) => id)
    const counts = groupCounts(ids, await events.counts(ids))
    const bytes = found.reduce((sum, { body }) => sum + body.length, 0)
    const isCut = found.length === limit || bytes >= maxListedBytes
    return {
      status: 200,
      json: `[${found.map(event => renderStored(event, counts.get(event.id))).join()}]`,
      ...(isCut && { headers: { link: renderNextLink(collection, { ...asked, before: ids.at(-1) }) } }),
    }
  }

  const follow = async (org: string, { type, dead, before }: Record<string, string | undefined>) => {
    if (dead === 'true' || before !== undefined)
      throw validationError(422, 'follow in query excludes dead and before: it tells events as they come')
    const pieces = await bus.followEvents({ org, type: type || undefined })
    return { status: 200, content: { type: 'text/event-stream', pieces } }
  }

  return [
    operation({
      id: 'getStoredEvents',
      group: 'events',
      method: 'GET',
      path: collection,
      summary: 'List stored events, newest first, or follow those that come',
      description: `At most ${usualLimit} unless a limit is given; when there are more, the header Link says where the next page is.`,
      answers: {
        200: {
          description: 'The events, without what became of each delivery',
          schema: Type.Array(shownStored),
          orContentType: 'text/event-stream',
        },
      },
      errors: ['BUSY', 'DRAINING', 'INTERNAL'],
      querySchema: query,
      handle: ({ org, query: asked }) => (asked.follow === 'true' ? follow(org, asked) : list(org, asked)),
    }),
    operation({
      id: 'getStoredEvent',
      group: 'events',
      method: 'GET',
      path: `${collection}/{eventId}`,
      summary: 'Get a stored event with its deliveries',
      answers: { 200: { description: 'The event', schema: shownStoredWhole } },
      errors: ['NOT_FOUND', 'INTERNAL'],
      pathSchema: idInPath,
      handle: ({ org, path: { eventId = '' } }) => answerWhole(org, eventId),
    }),
    operation({
      id: 'retryStoredEvent',
      group: 'events',
      method: 'POST',
      path: `${collection}/{eventId}/retry`,
      summary: 'Try again what of an event is dead, and at once what waits',
      description: 'Each of these deliveries has all its tries again. What was delivered is not delivered again.',
      answers: { 200: { description: 'The event', schema: shownStoredWhole } },
      errors: ['NOT_FOUND', 'NOTHING_TO_RETRY', 'INTERNAL', 'DISK_FULL'],
      pathSchema: idInPath,
      handle: async ({ org, path: { eventId = '' } }) => {
        const id = eventId.toLowerCase()
        if (!(await bus.retry(org, id)) && (await events.get(org, id))) throw dispatchError('NOTHING_TO_RETRY', { id })
        return answerWhole(org, eventId)
      },
    }),
  ]
}
