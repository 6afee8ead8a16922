/** REST operations on what runs print, as server-sent events. */
import { Type } from '@sinclair/typebox'
import { type Operation, type OperationReply, operation } from '../http/operation.ts'
import { flag, pathName, pathOf, runNameInPath } from '../http/shapes.ts'
import type { Logs } from './logs.ts'

const follow = flag('Whether the answer goes on with what is printed from now on')
const since = Type.Optional(Type.String({ format: 'int64', description: 'Keeps runs that ended later, Unix seconds' }))

const eventStream = (pieces: AsyncIterable<string>): OperationReply => ({
  status: 200,
  content: { type: 'text/event-stream', pieces },
})

const answers = {
  200: { description: 'Server-sent events: lines, and ends of runs', contentType: 'text/event-stream' },
}
const errors = ['NOT_FOUND', 'BUSY', 'DRAINING', 'INTERNAL'] as const

const isTrue = (text: string | undefined): boolean => text === 'true'

export function createLogsOperations(logs: Logs): Operation[] {
  return [
    operation({
      id: 'getRunLogs',
      group: 'runs',
      method: 'GET',
      path: '/v1/runs/{runName}/logs',
      auditedName: ({ query }) => query.functionName ?? '',
      summary: 'Get what a run has printed, and follow what it prints',
      answers,
      errors,
      pathSchema: Type.Object({ runName: runNameInPath }),
      querySchema: Type.Object({
        follow,
        functionName: Type.Optional(Type.String({ ...pathName, description: 'Name of its function' })),
      }),
      handle: async ({ org, path: { runName: name = '' }, query: { functionName, follow: asked } }) =>
        eventStream(await logs.ofRun({ org, name, functionName, follow: isTrue(asked) })),
    }),
    operation({
      id: 'getFunctionLogs',
      group: 'functions',
      method: 'GET',
      path: '/v1/function/{functionName}/logs',
      summary: 'Get what the runs of a function have printed, and follow what they print',
      answers,
      errors,
      pathSchema: pathOf('functionName', 'Name of a function', 'hello'),
      querySchema: Type.Object({ follow, since }),
      handle: async ({ org, path: { functionName = '' }, query }) => {
        const sinceSeconds = query.since === undefined ? undefined : BigInt(query.since)
        return eventStream(await logs.ofFunction({ org, functionName, sinceSeconds, follow: isTrue(query.follow) }))
      },
    }),
  ]
}
