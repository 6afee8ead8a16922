/** Owns the archive in which a function's source travels: base64 of a gzipped tar that is the same for the same source. */
import { readFile, stat } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { pack } from 'tar-stream'
import { describeFileError, Failure } from '../failure.ts'
import { listSource, type SourceEntry } from './tree.ts'

export interface Source {
  readonly functionName: string
  readonly cwd: string
  readonly path: string
  readonly handler: string
}

/** Owner and time would make each archive differ; nobody reads them. */
const fixed = { uid: 0, gid: 0, mtime: new Date(0) }
const compress = promisify(gzip)

async function writeEntries(entries: readonly SourceEntry[]): Promise<Buffer> {
  const archive = pack()
  const bytes = buffer(archive)
  for (const { path, kind, mode, file } of entries) {
    const header = { ...fixed, name: `./${path}`, mode, type: kind } as const
    if (kind === 'directory') archive.entry(header)
    else archive.entry(header, await readFile(file))
  }
  archive.finalize()
  return bytes
}

async function findEntries(source: Source): Promise<SourceEntry[]> {
  const { functionName, path, handler } = source
  const file = resolve(source.cwd, path)
  const found = await stat(file).catch(thrown => {
    throw new Failure(`failed to determine if path is dir: '${path}': ${describeFileError(thrown, 'stat', path)}`)
  })
  if (!found.isDirectory()) return [{ path: basename(file), kind: 'file', mode: found.mode & 0o777, file }]
  if (handler === '')
    throw new Failure(
      `error creating function ${functionName}: handler is required, source path ${path} is a directory`,
    )
  return listSource(file)
}

/** Throws what `packSource` would throw before it has read the files. */
export async function checkSource(source: Source): Promise<void> {
  await findEntries(source).catch(thrown => {
    throw explainPacking(source, thrown)
  })
}

function explainPacking({ path }: Source, thrown: unknown): Failure {
  if (thrown instanceof Failure) return thrown
  const cause = thrown instanceof Error ? thrown.message : String(thrown)
  return new Failure(`error reading ${path}: failed to tar source '${path}': ${cause}`)
}

const encode = async (tar: Buffer) => (await compress(tar, { level: 9 })).toString('base64')

/** A single file needs no handler, a directory does. Throws Failure. */
export async function packSource(source: Source): Promise<string> {
  try {
    return await encode(await writeEntries(await findEntries(source)))
  } catch (thrown) {
    throw explainPacking(source, thrown)
  }
}

/** The same for a single file that is not on this machine's disk. */
export async function packBytes(name: string, content: Buffer): Promise<string> {
  const archive = pack()
  const bytes = buffer(archive)
  archive.entry({ ...fixed, name: `./${basename(name)}`, mode: 0o644, type: 'file' }, content)
  archive.finalize()
  return encode(await bytes)
}
