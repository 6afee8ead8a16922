/** What becomes of an upload, and of its file, however loading it ends. */
import { randomUUID } from 'node:crypto'
import { appendFile, readdir, readlink, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import test from 'ava'
import { type ArchivesOptions, createArchives } from '../../../../server/images/archives.ts'
import { packArchive } from '../../../helpers/docker-archive.ts'
import { createMovingClock } from '../../../helpers/moving-clock.ts'
import { until } from '../../../helpers/wait.ts'

const org = 'o'
const key = { org, id: 'one' }
const hourMs = 3_600_000
const archive = await packArchive({ reference: 'team/base:1', labels: {} })
const large = Buffer.concat([archive, Buffer.alloc(1024 * 1024)])

function createPlace(docker: Partial<ArchivesOptions['docker']>, patienceMs = 60_000) {
  const directory = join(tmpdir(), `dispatch-archives-${randomUUID()}`)
  const clock = createMovingClock()
  const nothing = { findImage: async () => undefined, loadImages: async () => [] }
  const archives = createArchives({
    docker: { ...nothing, ...docker },
    directory,
    maxBytes: 1024 * 1024,
    clock,
    patienceMs,
  })
  const send = (id: string, bytes: Buffer) => archives.add({ org, id }, { offset: 0, bytes })
  return { directory, clock, archives, send }
}

async function openFilesIn(directory: string): Promise<string[]> {
  const targets = (await readdir('/proc/self/fd')).map(fd => readlink(`/proc/self/fd/${fd}`).catch(() => ''))
  return (await Promise.all(targets)).filter(target => target.startsWith(directory))
}

const firstChunkOf = async (chunks: AsyncIterable<Buffer>): Promise<never> => {
  for await (const _ of chunks) break
  throw new Error('Docker went away')
}

for (const [what, bytes, docker] of [
  ['packed bytes that break off', gzipSync(archive).subarray(0, 60), {}],
  ['packed bytes that are none', Buffer.concat([gzipSync(archive).subarray(0, 20), Buffer.alloc(900_000, 'x')]), {}],
  ['what unpacks to too much', gzipSync(large), {}],
  ['what has too much in it', gzipSync(Buffer.alloc(1024 * 1024 + 1)), {}],
  ['a Docker that does not read', gzipSync(archive), { loadImages: () => Promise.reject(new Error('no Docker')) }],
  ['a Docker that stops to read', gzipSync(archive), { loadImages: firstChunkOf }],
] as const) {
  test(`no file is kept or left open after ${what}`, async t => {
    const { directory, archives, send } = createPlace(docker)
    await send('one', Buffer.from(bytes))
    await t.throwsAsync(archives.load(key))
    await until('no file is open', async () => (await openFilesIn(directory)).length === 0)
    t.deepEqual(await readdir(directory), [])
    await t.throwsAsync(archives.load(key), { message: /one/ })
  })
}

test('a file that goes while it is loaded ends the loading, and nothing else', async t => {
  const place = createPlace({
    findImage: async () => {
      await rm(place.directory, { recursive: true })
      return undefined
    },
    loadImages: async chunks => {
      await buffer(chunks)
      return []
    },
  })
  await place.send('one', gzipSync(archive))
  await t.throwsAsync(place.archives.load(key), { message: /ENOENT/ })
})

test('a piece that was written in part is written again in its place', async t => {
  const { directory, archives, send } = createPlace({
    loadImages: async chunks => [String((await buffer(chunks)).includes('team/base:1'))],
  })
  await send('one', archive.subarray(0, 700))
  const [name = ''] = await readdir(directory)
  await appendFile(join(directory, name), Buffer.alloc(5000, 'x'))
  await archives.add(key, { offset: 700, bytes: archive.subarray(700) })
  t.deepEqual(await archives.load(key), ['true'])
})

test('who goes away while it is loaded keeps neither file nor place, and what became of it for an hour', async t => {
  const loaded = Promise.withResolvers<string[]>()
  const { directory, clock, archives, send } = createPlace({ loadImages: () => loaded.promise }, 1)
  const ids = Array.from({ length: 8 }, (_, index) => `id-${index}`)
  for (const id of ids) await send(id, archive)
  // Nobody waits any more: each answer came before loading ended.
  t.deepEqual(await Promise.all(ids.map(id => archives.load({ org, id }))), Array(8).fill(undefined))
  await t.throwsAsync(send('more', archive), { message: /8 others are being sent/ })

  loaded.resolve(['team/base:1'])
  await until('files are gone', async () => (await readdir(directory)).length === 0)
  await send('more', archive)
  t.deepEqual(await archives.load({ org, id: 'id-0' }), ['team/base:1'])

  clock.advance(hourMs + 1)
  await send('later', archive)
  await t.throwsAsync(archives.load({ org, id: 'id-1' }), { message: /id-1/ })
})

test('an upload that Docker never ends loading gives its place after an hour', async t => {
  const { clock, archives, send } = createPlace({ loadImages: () => new Promise(() => undefined) }, 1)
  const ids = Array.from({ length: 8 }, (_, index) => `id-${index}`)
  for (const id of ids) await send(id, archive)
  await Promise.all(ids.map(id => archives.load({ org, id })))
  clock.advance(hourMs + 1)
  t.is(await send('more', archive), archive.length)
})
