/** Logs of builds: told while a build goes on, kept of the last one of each image. */
import type { Clock, Ids } from '../core/clock.ts'
import { secondsOf } from '../core/clock.ts'
import { dispatchError, messageOf } from '../core/errors.ts'
import { heartbeat, toEventStream } from '../core/event-stream.ts'
import type { Log } from '../core/ports.ts'
import { createReaders, type Reader } from '../core/readers.ts'
import { keyOf } from '../core/reconciler.ts'
import type { Change, Collection } from '../store/port.ts'
import { createKeptLines, type KeptLines, renderEnd, renderLines } from './build-lines.ts'
import type { BuildLog, BuildRecord, BuildResult, BuiltImage } from './build-log.ts'
import type { Image } from './schema.ts'

export interface BuildLogDependencies {
  images: Collection<Image>
  buildRecords: Collection<BuildRecord>
  clock: Clock
  ids: Ids
  log: Log
  /** How long a stream that is followed is silent at most. */
  heartbeatMs?: number
}

export interface BuildLogQuery {
  org: string
  name: string
  /** Goes on until the build that is under way, or the one that the image waits for, has ended. */
  follow: boolean
}

export interface BuildLogs extends BuildLog {
  /** Server-sent events. DispatchError NOT_FOUND; BUSY when too many follow, or DRAINING. */
  read(query: BuildLogQuery): Promise<AsyncIterable<string>>
  /** To be called after each change of an image. Never rejects: what else follows the change must not wait for a log. */
  follow(change: Change): Promise<void>
  /** Lets every reader go, and takes no other. */
  close(): void
}

interface Build {
  id: string
  kept: KeptLines
  record: BuildRecord | undefined
}

const maxReaders = 64
const usualHeartbeatMs = 15_000
const unsettled = new Set(['INITIALIZED', 'CREATING', 'UPDATING'])

export function createBuildLogs(deps: BuildLogDependencies): BuildLogs {
  const { images, buildRecords, clock, ids, log, heartbeatMs = usualHeartbeatMs } = deps
  /** Those under way, and those that are being stored, by the id of their image. */
  const builds = new Map<string, Build>()
  const readers = createReaders({ subject: 'builds', maxReaders, heartbeatMs })

  const find = async ({ org, name }: BuildLogQuery): Promise<Image> => {
    const image = await images.get(org, name)
    if (!image) throw dispatchError('NOT_FOUND', { kind: 'image', name })
    return image
  }

  async function* tellRecord({ id: imageId, org, name }: BuiltImage): AsyncGenerator<string> {
    const record = await buildRecords.get(org, name)
    // One that a deleted image of the same name has left behind is none of its own.
    if (record?.imageId !== imageId) return
    yield* renderLines(record.id, record.lines, 0)
    yield renderEnd(record)
  }

  async function* tellSoFar(image: BuiltImage): AsyncGenerator<string> {
    const build = builds.get(image.id)
    if (!build) return yield* tellRecord(image)
    yield* renderLines(build.id, build.kept.after(0), 0)
    if (build.record) yield renderEnd(build.record)
  }

  const isUnsettled = async ({ id, org, name }: BuiltImage): Promise<boolean> => {
    const image = await images.get(org, name)
    return image?.id === id && unsettled.has(image.status)
  }

  async function* tell(reader: Reader, image: BuiltImage): AsyncGenerator<string> {
    let build: Build | undefined
    let told = 0
    while (!reader.hasLeft) {
      build ??= builds.get(image.id)
      if (!build && !(await isUnsettled(image))) return yield* tellSoFar(image)
      const ended = build?.record
      const lines = build?.kept.after(told) ?? []
      if (build) yield* renderLines(build.id, lines, told)
      told = lines.at(-1)?.number ?? told
      if (ended) return yield renderEnd(ended)
      if (!(await reader.rest()) && !reader.hasLeft) yield heartbeat
    }
  }

  async function store(record: BuildRecord): Promise<void> {
    const { org, name } = record
    if ((await images.get(org, name))?.id !== record.imageId) return
    const held = await buildRecords.get(org, name)
    await (held ? buildRecords.update({ ...record, revision: held.revision }) : buildRecords.create(record))
  }

  function end(build: Build, image: BuiltImage, result: BuildResult): void {
    if (build.record) return
    const record = createRecord({ build, image, result, endedNs: clock.nowNs() })
    build.record = record
    readers.wake(keyOf(image))
    store(record)
      .catch(thrown =>
        log.warn({ image: image.name, cause: messageOf(thrown) }, 'the log of a build could not be stored'),
      )
      .finally(() => builds.get(image.id) === build && builds.delete(image.id))
  }

  async function dropStale(org: string, name: string, removed: boolean): Promise<void> {
    const image = await images.get(org, name)
    // What was built before the image was changed says nothing of what it is now.
    const isStale = image ? image.status === 'UPDATING' && !builds.has(image.id) : removed
    if (isStale) await buildRecords.remove(org, name)
  }

  return {
    begin: image => {
      const build: Build = { id: ids.uuid(), kept: createKeptLines(), record: undefined }
      builds.set(image.id, build)
      readers.wake(keyOf(image))
      return {
        line: (stream, text) => {
          if (build.record) return
          build.kept.add(stream, text, clock.nowNs())
          readers.wake(keyOf(image))
        },
        end: result => end(build, image, result),
      }
    },
    read: async query => {
      const image = await find(query)
      if (query.follow) return readers.open(keyOf(image), async reader => tell(reader, image))
      return toEventStream(tellSoFar(image), () => undefined)
    },
    follow: async ({ kind, org, name, removed }) => {
      if (kind !== 'Image') return
      readers.wake(keyOf({ org, name }))
      await dropStale(org, name, removed).catch(thrown =>
        log.warn({ image: name, cause: messageOf(thrown) }, 'the log of a former build could not be removed'),
      )
    },
    close: readers.close,
  }
}

interface RecordParts {
  build: Build
  image: BuiltImage
  result: BuildResult
  endedNs: bigint
}

function createRecord({ build, image, result, endedNs }: RecordParts): BuildRecord {
  const { id: imageId, org, name } = image
  const nowSeconds = secondsOf(endedNs)
  return {
    ...{ id: build.id, org, name, imageId, revision: 0, tags: null },
    status: result.ok ? 'READY' : 'ERROR',
    reason: result.ok ? null : [result.reason],
    ...{ createdTimeSeconds: nowSeconds, modifiedTimeSeconds: nowSeconds },
    lines: build.kept.after(0),
    endedNs: String(endedNs),
  }
}
