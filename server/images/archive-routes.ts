/** REST operations on archives of Docker images: they come in pieces, and are loaded when all are there. */
import { Type } from '@sinclair/typebox'
import { jsonReply, type Operation, operation } from '../http/operation.ts'
import { pathOf } from '../http/shapes.ts'
import type { Archives } from './archives.ts'

const pieceBody = Type.Object(
  {
    offset: Type.Integer({ minimum: 0, description: 'Where in the archive the piece begins; 0 begins anew' }),
    data: Type.String({ format: 'byte', description: 'Of the archive, base64' }),
  },
  { title: 'ArchivePieceBody', examples: [{ offset: 0, data: 'aGVsbG8=' }] },
)

const shownPiece = Type.Object({ bytes: Type.Integer({ description: 'What has arrived' }) }, { title: 'ArchivePiece' })

const shownLoad = Type.Object(
  { references: Type.Array(Type.String(), { description: 'Names of the images; none as long as it takes' }) },
  { title: 'LoadedArchive' },
)

const group = 'archives'
const one = {
  path: '/v1/archive/{archiveId}',
  pathSchema: pathOf('archiveId', 'Chosen by the client, for one archive', '6b8ef2f4-4d5c-4e4e-9b1e-0d3c2b1a0f9e'),
}

export const createArchiveOperations = (archives: Archives): Operation[] => [
  operation({
    ...one,
    path: `${one.path}/piece`,
    id: 'addArchivePiece',
    group,
    method: 'POST',
    summary: 'Send a piece of an archive of Docker images',
    description: 'One piece after the other. What nobody goes on with for an hour goes.',
    answers: { 200: { description: 'It has arrived', schema: shownPiece } },
    errors: ['ARCHIVE_REFUSED', 'INTERNAL', 'DISK_FULL'],
    bodySchema: pieceBody,
    handle: async ({ org, path: { archiveId: id = '' }, body: { offset, data } }) =>
      jsonReply(200, { bytes: await archives.add({ org, id }, { offset, bytes: Buffer.from(data, 'base64') }) }),
  }),
  operation({
    ...one,
    id: 'loadArchive',
    group,
    method: 'POST',
    summary: 'Load the Docker images of an archive',
    description:
      'The archive is as `docker save` writes it, packed by gzip or not. A name that means another image on this machine already is refused.',
    answers: {
      200: { description: 'They are on this machine; the archive is gone', schema: shownLoad },
      202: { description: 'It takes long: ask again', schema: shownLoad },
    },
    errors: ['NOT_FOUND', 'ARCHIVE_REFUSED', 'INTERNAL', 'DISK_FULL'],
    handle: async ({ org, path: { archiveId: id = '' } }) => {
      const references = await archives.load({ org, id })
      return jsonReply(references ? 200 : 202, { references: references ?? [] })
    },
  }),
]
