/** Owns how an archive of Docker images gets onto the machine of the server: in pieces, and then it is loaded. */
import { open } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { ApiClient } from './client.ts'
import type { Invocation } from './command.ts'
import { describeFileError, Failure } from './failure.ts'
import { isJsonObject, type Json, numberOf, textsOf } from './format/json.ts'

const pieceBytes = 4 * 1024 * 1024
const pauseMs = 500

async function* readPieces(file: string, path: string): AsyncGenerator<{ offset: number; data: Buffer }> {
  const handle = await open(file).catch(thrown => {
    throw new Failure(`error reading archive: ${describeFileError(thrown, 'open', path)}`)
  })
  try {
    for (let offset = 0; ; ) {
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(pieceBytes), 0, pieceBytes, offset)
      if (bytesRead === 0) return
      yield { offset, data: buffer.subarray(0, bytesRead) }
      offset += bytesRead
    }
  } finally {
    await handle.close()
  }
}

const referencesIn = (answer: Json): string[] => (isJsonObject(answer) ? textsOf(answer.references) : [])

async function send(client: ApiClient, { session, io }: Pick<Invocation, 'session' | 'io'>, path: string) {
  const archive = ['v1', 'archive', io.uuid()]
  let isEmpty = true
  for await (const { offset, data } of readPieces(resolve(io.cwd, path), path)) {
    isEmpty = false
    const body = { offset: numberOf(String(offset)), data: data.toString('base64') }
    await client.request({ method: 'POST', path: [...archive, 'piece'], body })
  }
  if (isEmpty) throw new Failure(`error reading archive: ${path} is empty`)
  for (;;) {
    const references = referencesIn(await client.request({ method: 'POST', path: archive }))
    if (references.length > 0) return references
    await session.pauseFor(pauseMs, 'Docker loads the archive')
    if (io.interrupted.aborted) throw new Failure('interrupted')
  }
}

/** A name without a tag stands for its tag `latest`. */
const withTag = (name: string): string => (/[:@][^/]*$/.test(name) ? name : `${name}:latest`)

/**
 * Resolves with the name of the image to use. Throws Failure when the archive does not hold the one that is wanted, or several and
 * none is.
 */
export async function loadArchive(
  invocation: Pick<Invocation, 'session' | 'io'>,
  path: string,
  wanted: string,
): Promise<string> {
  const client = await invocation.session.client()
  const references = await send(client, invocation, path)
  const [only = '', ...others] = references
  const found = wanted === '' ? only : references.find(reference => withTag(reference) === withTag(wanted))
  if (found === undefined) throw new Failure(`${path} holds ${references.join(', ')}, not ${wanted}`)
  if (wanted === '' && others.length > 0)
    throw new Failure(`${path} holds ${references.join(', ')}: say which one, as IMAGE_URL`)
  return found
}
