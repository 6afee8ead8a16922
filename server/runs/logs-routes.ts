/** REST operations on what runs print, as server-sent events. */
import { Type } from '@sinclair/typebox'
import { type Operation, type OperationReply, operation } from '../http/operation.ts'
import { pathName, pathOf } from '../http/shapes.ts'
import type { Logs } from './logs.ts'

const follow = Type.Optional(Type.Boolean())
const since = Type.Optional(Type.String({ format: 'int64' }))

const eventStream = (pieces: AsyncIterable<string>): OperationReply => ({
  status: 200,
  content: { type: 'text/event-stream', pieces },
})

const isTrue = (text: string | undefined): boolean => text === 'true'

export function createLogsOperations(logs: Logs): Operation[] {
  return [
    operation({
      id: 'getRunLogs',
      method: 'GET',
      path: '/v1/runs/{runName}/logs',
      summary: 'Get what a run has printed, and follow what it prints',
      pathSchema: Type.Object({ runName: Type.String({ format: 'uuid' }) }),
      querySchema: Type.Object({ follow, functionName: Type.Optional(pathName) }),
      handle: async ({ org, path: { runName: name = '' }, query: { functionName, follow: asked } }) =>
        eventStream(await logs.ofRun({ org, name, functionName, follow: isTrue(asked) })),
    }),
    operation({
      id: 'getFunctionLogs',
      method: 'GET',
      path: '/v1/function/{functionName}/logs',
      summary: 'Get what the runs of a function have printed, and follow what they print',
      pathSchema: pathOf('functionName'),
      querySchema: Type.Object({ follow, since }),
      handle: async ({ org, path: { functionName = '' }, query }) => {
        const sinceSeconds = query.since === undefined ? undefined : BigInt(query.since)
        return eventStream(await logs.ofFunction({ org, functionName, sinceSeconds, follow: isTrue(query.follow) }))
      },
    }),
  ]
}
