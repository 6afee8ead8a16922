/** The REST operation that tells what functions use now. */
import { type Static, Type } from '@sinclair/typebox'
import type { Execution } from '../core/execution.ts'
import { jsonReply, type Operation, operation } from '../http/operation.ts'

const shownUsage = Type.Object(
  {
    name: Type.String({ description: 'Name of the function' }),
    faasId: Type.String({ format: 'uuid', description: 'Of its version' }),
    workers: Type.Integer({ description: 'Processes that answer its calls' }),
    underWay: Type.Integer({ description: 'Calls that a worker has' }),
    waiting: Type.Integer({ description: 'Calls that wait for a worker' }),
    memoryBytes: Type.Optional(
      Type.Integer({
        description: 'Memory of its container, without the file cache; left out where Docker cannot tell',
      }),
    ),
  },
  { title: 'FunctionUsage' },
)

/** Docker is asked for each container, which is too much for metrics that are read all the time. */
export function createUsageOperation(execution: Pick<Execution, 'stats' | 'memoryOf'>): Operation {
  const usageIn = (org: string): Promise<Static<typeof shownUsage>[]> => {
    const warm = execution.stats().functions.filter(each => each.org === org && each.warm)
    return Promise.all(
      warm.map(async ({ name, revisionId, workers, busy, waiting }) => {
        const memoryBytes = await execution.memoryOf(revisionId).catch(() => undefined)
        const calls = { underWay: busy, waiting }
        return { name, faasId: revisionId, workers, ...calls, ...(memoryBytes !== undefined && { memoryBytes }) }
      }),
    )
  }
  return operation({
    id: 'getFunctionUsage',
    group: 'functions',
    method: 'GET',
    path: '/v1/usage',
    summary: 'List what functions use now',
    description: 'Each version of a function that has a container.',
    answers: { 200: { description: 'What they use, in no order', schema: Type.Array(shownUsage) } },
    handle: async ({ org }) => jsonReply(200, await usageIn(org)),
  })
}
