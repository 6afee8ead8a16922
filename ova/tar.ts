/** Writes a plain USTAR archive of a few files: owner 0:0, mode 0644, one fixed time, so equal input gives equal bytes. */
import { createReadStream, createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Pack, pack } from 'tar-stream'

export type TarSource = { name: string } & ({ text: string } | { path: string; bytes: number })

export interface TarOptions {
  mtimeSeconds: number
  onProgress?: ((doneBytes: number, totalBytes: number) => void) | undefined
}

/** USTAR has eleven octal digits for a size and 100 bytes for a name; beyond them an archive is not plain any more. */
const maxMemberBytes = 8 ** 11 - 1
const nameForm = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/

const sizeOf = (source: TarSource) => ('text' in source ? Buffer.byteLength(source.text) : source.bytes)

function checkSource(source: TarSource): void {
  if (!nameForm.test(source.name)) {
    const allowed = 'up to 100 letters, digits, dots, dashes and underscores'
    throw new Error(`"${source.name}" cannot be a member of an OVA: choose a name of ${allowed}`)
  }
  if (sizeOf(source) > maxMemberBytes) {
    throw new Error(`${source.name} has ${sizeOf(source)} bytes, but USTAR holds 8 GiB at most: make the disk smaller`)
  }
}

async function addMember(archive: Pack, source: TarSource, options: TarOptions): Promise<void> {
  const totalBytes = sizeOf(source)
  const mtime = new Date(options.mtimeSeconds * 1000)
  const header = { name: source.name, size: totalBytes, mode: 0o644, uid: 0, gid: 0, mtime, type: 'file' } as const
  let doneBytes = 0
  const count = async function* (chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      doneBytes += chunk.length
      options.onProgress?.(doneBytes, totalBytes)
      yield chunk
    }
  }
  const content = 'text' in source ? Readable.from([Buffer.from(source.text)]) : createReadStream(source.path)
  await pipeline(content, count, archive.entry(header))
}

/** Writes to `tarPath` at once: give it a temporary name, for a failure leaves a part of a file. */
export async function writeTar(tarPath: string, sources: TarSource[], options: TarOptions): Promise<void> {
  for (const source of sources) checkSource(source)
  const archive = pack()
  const written = pipeline(archive, createWriteStream(tarPath))
  const filled = (async () => {
    for (const source of sources) await addMember(archive, source, options)
    archive.finalize()
  })()
  await Promise.all([written, filled]).catch(async thrown => {
    archive.destroy()
    await Promise.allSettled([written, filled])
    throw thrown
  })
}
