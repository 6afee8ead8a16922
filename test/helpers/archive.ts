/** Archives as clients send code: gzipped tars, of whatever a test wants in them. */
import { buffer } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { type Header, pack } from 'tar-stream'

export type ArchiveEntry = Partial<Header> & { name: string; content?: string }

export async function archiveOf(entries: ArchiveEntry[]): Promise<Buffer> {
  const tar = pack()
  for (const { content, ...header } of entries) tar.entry(header, content ?? '')
  tar.finalize()
  return gzipSync(await buffer(tar))
}

/** Of a file whose content is still to come. */
export async function packedHeader(size: number): Promise<Buffer> {
  const tar = pack()
  tar.entry({ name: 'large', size })
  for await (const header of tar) if (Buffer.isBuffer(header)) return gzipSync(header)
  throw new Error('there is no header')
}

/** A gzip file may hold several members, so that one packed piece is enough for much. */
export const repeat = (piece: Buffer, times: number): Buffer => Buffer.concat(Array<Buffer>(times).fill(piece))
