/** Archives of Docker images that clients send in pieces: kept on disk until they are loaded, and looked at before Docker is. */
import { randomUUID } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '../core/clock.ts'
import { dispatchError, messageOf } from '../core/errors.ts'
import { createTurns } from '../core/turns.ts'
import type { Docker } from '../docker/port.ts'
import { type ArchivedImage, readArchive } from './archive.ts'
import { readUnpacked, writeAt } from './archive-file.ts'
import { repack } from './archive-pack.ts'

export interface ArchivesOptions {
  docker: Pick<Docker, 'findImage' | 'loadImages'>
  /** For archives alone: what is in it goes at the first use. */
  directory: string
  /** Of one archive, packed or not. */
  maxBytes: number
  clock: Clock
  /** How long who loads waits for its end before it has to ask again. */
  patienceMs?: number
}

export interface ArchiveKey {
  org: string
  /** The client's own. */
  id: string
}

export interface ArchivePiece {
  /** Where it belongs; 0 begins anew. */
  offset: number
  bytes: Buffer
}

export interface Archives {
  /** Resolves with how many bytes there are now. Rejects with ARCHIVE_REFUSED when the piece does not fit. */
  add(key: ArchiveKey, piece: ArchivePiece): Promise<number>
  /** Resolves with the names of the images; undefined when that takes long: it goes on, and is asked for again. The archive goes. */
  load(key: ArchiveKey): Promise<string[] | undefined>
}

interface Upload {
  path: string
  bytes: number
  /** When somebody has sent or asked, or loading has ended. */
  touchedMs: number
  loading?: Promise<string[]>
  /** Only what became of it is kept, for who asks again: it takes no place. */
  isLoaded?: boolean
}

const maxUploads = 8
const idleMs = 3_600_000
const defaultPatienceMs = 10_000

const refuse = (cause: string): Error => dispatchError('ARCHIVE_REFUSED', { cause })

export function createArchives({ docker, directory, maxBytes, clock, ...rest }: ArchivesOptions): Archives {
  const { patienceMs = defaultPatienceMs } = rest
  const nowMs = () => Number(clock.nowNs() / 1_000_000n)
  const uploads = new Map<string, Upload>()
  const inTurn = createTurns()
  let ready: Promise<unknown> | undefined

  /** What a former life has left goes. */
  const prepare = () => {
    ready ??= rm(directory, { recursive: true, force: true }).then(() =>
      mkdir(directory, { recursive: true, mode: 0o700 }),
    )
    return ready
  }

  async function drop(key: string): Promise<void> {
    const upload = uploads.get(key)
    uploads.delete(key)
    if (upload) await rm(upload.path, { force: true })
  }

  async function begin(key: string): Promise<Upload> {
    await prepare()
    await drop(key)
    for (const [other, { touchedMs }] of uploads) if (nowMs() - touchedMs > idleMs) await drop(other)
    if ([...uploads.values()].filter(({ isLoaded }) => !isLoaded).length >= maxUploads)
      throw refuse(`${maxUploads} others are being sent: try again later`)
    const upload = { path: join(directory, randomUUID()), bytes: 0, touchedMs: nowMs() }
    uploads.set(key, upload)
    return upload
  }

  async function add(key: string, { offset, bytes }: ArchivePiece): Promise<number> {
    const upload = offset === 0 ? await begin(key) : uploads.get(key)
    if (!upload || upload.loading || upload.bytes !== offset)
      throw refuse(`it goes on at ${upload?.bytes ?? 0}, not at ${offset}: send it again from its beginning`)
    if (offset + bytes.length > maxBytes) {
      await drop(key)
      throw refuse(`it has more than ${maxBytes} bytes (pull-size)`)
    }
    await writeAt(upload.path, offset, bytes)
    upload.bytes += bytes.length
    upload.touchedMs = nowMs()
    return upload.bytes
  }

  async function loadFile(path: string): Promise<string[]> {
    const images = await readArchive(readUnpacked(path, maxBytes)).catch(thrown => {
      throw refuse(messageOf(thrown))
    })
    if (images.every(({ references }) => references.length === 0))
      throw refuse('its images have no names: save them by name (docker save NAME)')
    for (const image of images) await checkNames(image)
    const archive = repack(readUnpacked(path, maxBytes), images)
    return await docker.loadImages(archive).finally(() => archive.return())
  }

  /** Its file goes whether or not somebody still waits for it. */
  async function loadUpload(upload: Upload): Promise<string[]> {
    try {
      return await loadFile(upload.path)
    } finally {
      upload.isLoaded = true
      upload.touchedMs = nowMs()
      await rm(upload.path, { force: true })
    }
  }

  /** A name that others use must not come to mean something else. */
  async function checkNames({ references, ids }: ArchivedImage): Promise<void> {
    for (const reference of references) {
      const found = await docker.findImage(reference)
      if (found && !ids.includes(found.id))
        throw refuse(`${reference} is another image on this machine: save yours under another name (docker tag)`)
    }
  }

  const keyOf = ({ org, id }: ArchiveKey): string => JSON.stringify([org, id])

  return {
    add: (key, piece) => inTurn(keyOf(key), () => add(keyOf(key), piece)),

    load: async key => {
      const upload = uploads.get(keyOf(key))
      if (!upload) throw dispatchError('NOT_FOUND', { kind: 'archive', name: key.id })
      upload.touchedMs = nowMs()
      upload.loading ??= inTurn(keyOf(key), () => loadUpload(upload))
      const patience = Promise.withResolvers<undefined>()
      const timer = setTimeout(() => patience.resolve(undefined), patienceMs)
      try {
        return await Promise.race([upload.loading, patience.promise])
      } finally {
        clearTimeout(timer)
        // Another may have begun under this key meanwhile.
        if (upload.isLoaded && uploads.get(keyOf(key)) === upload) uploads.delete(keyOf(key))
      }
    },
  }
}
