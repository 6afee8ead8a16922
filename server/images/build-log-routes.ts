/** REST operation on what the build of an image prints, as server-sent events. */
import { Type } from '@sinclair/typebox'
import { type Operation, operation } from '../http/operation.ts'
import { flag, pathOf } from '../http/shapes.ts'
import type { BuildLogs } from './build-logs.ts'

export const createBuildLogOperation = (buildLogs: Pick<BuildLogs, 'read'>): Operation =>
  operation({
    id: 'getImageLogs',
    group: 'images',
    method: 'GET',
    path: '/v1/image/{imageName}/logs',
    summary: 'Get what the last build of an image has printed, and follow what it prints',
    answers: {
      200: { description: 'Server-sent events: lines, and the end of the build', contentType: 'text/event-stream' },
    },
    errors: ['NOT_FOUND', 'BUSY', 'DRAINING', 'INTERNAL'],
    pathSchema: pathOf('imageName', 'Name of an image', 'python3'),
    querySchema: Type.Object({
      follow: flag('Whether the answer goes on until the build has ended, or first waits for the one that is due'),
    }),
    handle: async ({ org, path: { imageName: name = '' }, query: { follow } }) => ({
      status: 200,
      content: { type: 'text/event-stream', pieces: await buildLogs.read({ org, name, follow: follow === 'true' }) },
    }),
  })
