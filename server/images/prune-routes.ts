/** REST operations on Docker images that nothing uses: which they are, and that they go. */
import { type Static, Type } from '@sinclair/typebox'
import { jsonReply, type Operation, operation } from '../http/operation.ts'
import type { Unused } from './sweep.ts'
import type { ImageSweeper } from './sweeper.ts'

const unusedImage = Type.Object(
  {
    id: Type.String({ description: 'By which Docker knows it' }),
    names: Type.Array(Type.String(), { description: 'Those that this server has given it, or by which it was pulled' }),
    bytes: Type.Integer({ description: 'Of all its layers, those too that others share' }),
  },
  { title: 'UnusedImage' },
)

const pruned = Type.Object(
  {
    removed: Type.Array(unusedImage, { description: 'What is gone' }),
    freedBytes: Type.Integer({ description: 'By how much the layers of all Docker images on the machine have shrunk' }),
  },
  { title: 'Pruned' },
)

const render = ({ dockerImage: { id, bytes }, names }: Unused): Static<typeof unusedImage> => ({ id, names, bytes })

export const createPruneOperations = (sweeper: Pick<ImageSweeper, 'listUnused' | 'prune'>): Operation[] => [
  operation({
    id: 'pruneImages',
    group: 'images',
    method: 'POST',
    path: '/v1/image/prune',
    anyOrganization: true,
    summary: 'Remove the Docker images that nothing uses',
    description:
      'Of those that this server has built or pulled, of every organization: what no image and no function is on, nor a container. They go by themselves when nothing has used them for 10 minutes.',
    answers: { 200: { description: 'What was removed', schema: pruned } },
    handle: async () => {
      const { removed, freedBytes } = await sweeper.prune()
      return jsonReply(200, { removed: removed.map(render), freedBytes })
    },
  }),
  operation({
    id: 'getUnusedImages',
    group: 'images',
    method: 'GET',
    path: '/v1/usage/images',
    anyOrganization: true,
    summary: 'List the Docker images that nothing uses',
    description: 'What pruning would remove now, if no container is of it.',
    answers: { 200: { description: 'They, in no order', schema: Type.Array(unusedImage) } },
    handle: async () => jsonReply(200, (await sweeper.listUnused()).map(render)),
  }),
]
