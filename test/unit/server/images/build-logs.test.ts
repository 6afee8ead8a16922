/** Logs of builds as their readers get them; the builder is played by the test. */
import test from 'ava'
import type { BuildRecord } from '../../../../server/images/build-log.ts'
import { createBuildLogs } from '../../../../server/images/build-logs.ts'
import type { Image } from '../../../../server/images/schema.ts'
import { createMemoryStore } from '../../../../server/store/memory.ts'
import type { Store } from '../../../../server/store/port.ts'
import { createClock, createIds } from '../../../../server/system.ts'
import { until } from '../../../helpers/wait.ts'

const image: Image = {
  ...{ id: 'image-1', org: 'dispatch', name: 'web', revision: 0, status: 'INITIALIZED', reason: null, tags: null },
  ...{ createdTimeSeconds: 1, modifiedTimeSeconds: 1, baseImageName: 'base', language: '', runtimeLanguage: '' },
  ...{ dockerUrl: null, dockerImageId: null, contract: 'worker', manifest: '', systemPackages: [] },
}
const query = { org: 'dispatch', name: 'web' }

async function createStage(store: Store = createMemoryStore()) {
  const images = store.collection<Image>('Image')
  const buildRecords = store.collection<BuildRecord>('BuildRecord')
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined }
  const logs = createBuildLogs({ images, buildRecords, clock: createClock(), ids: createIds(), log, heartbeatMs: 5 })
  store.onChange(change => void logs.follow(change))
  if (!(await images.get('dispatch', 'web'))) await images.create(image)
  const settle = async (status: Image['status']) => {
    const held = await images.get('dispatch', 'web')
    if (held) await images.update({ ...held, status })
  }
  /** What a reader has been told; grows. */
  const read = async (follow: boolean) => {
    const told: string[] = []
    const pieces = await logs.read({ ...query, follow })
    const ended = (async () => {
      for await (const piece of pieces) told.push(...brief(piece))
      return told
    })()
    return { told, ended, leave: () => pieces[Symbol.asyncIterator]().return?.() }
  }
  const stored = () => until('it is stored', () => buildRecords.get('dispatch', 'web'))
  return { store, images, buildRecords, logs, settle, read, stored }
}

/** `stdout 1 text` for a line, `end READY`, `dropped 3`. */
const brief = (piece: string): string[] =>
  piece
    .split('\n\n')
    .filter(block => block.includes('data: '))
    .map(block => {
      const data = JSON.parse(block.slice(block.indexOf('data: ') + 6))
      if (block.startsWith('event: dropped')) return `dropped ${data.events}`
      if (block.startsWith('event: end')) return ['end', data.status, ...(data.reason ?? [])].join(' ')
      return `${data.stream} ${data.number} ${data.line}`
    })

test('an image that waits for its build: who follows gets each line as it comes, then the end', async t => {
  const { logs, read } = await createStage()
  const { told, ended } = await read(true)
  const build = logs.begin(image)
  build.line('stdout', 'Step 1/1 : packages')
  await until('the first line', async () => told.length === 1)
  build.line('stderr', 'no such "package"\u2028')
  build.end({ ok: false, reason: 'packages failed' })
  build.line('stdout', 'too late')
  t.deepEqual(await ended, [
    'stdout 1 Step 1/1 : packages',
    'stderr 2 no such "package"\u2028',
    'end ERROR packages failed',
  ])
})

test('a build under way: the lines so far for who looks, those that come too for who follows', async t => {
  const { logs, read } = await createStage()
  const build = logs.begin(image)
  build.line('stdout', 'one')
  t.deepEqual(await (await read(false)).ended, ['stdout 1 one'])
  const { told, ended } = await read(true)
  await until('the first line', async () => told.length === 1)
  build.line('stdout', 'two')
  build.end({ ok: true })
  t.deepEqual(await ended, ['stdout 1 one', 'stdout 2 two', 'end READY'])
})

test('the last build is kept over a restart, also for who follows a settled image', async t => {
  const first = await createStage()
  for (const text of ['old', 'new']) {
    const build = first.logs.begin(image)
    build.line('stdout', text)
    build.end({ ok: true })
    await until(text, async () => (await first.buildRecords.get('dispatch', 'web'))?.lines[0]?.line === text)
  }
  await first.settle('READY')
  const { read } = await createStage(first.store)
  for (const follow of [false, true]) t.deepEqual(await (await read(follow)).ended, ['stdout 1 new', 'end READY'])
})

test('who follows an image that gets READY without a build is told what there is, and let go', async t => {
  const { read, settle } = await createStage()
  const { ended } = await read(true)
  await settle('READY')
  t.deepEqual(await ended, [])
})

test('of a long log the end is kept, and what is left out is counted', async t => {
  const { logs, read, stored } = await createStage()
  const build = logs.begin(image)
  const long = 'x'.repeat(9000)
  for (let count = 0; count < 100; count += 1) build.line('stdout', long)
  build.end({ ok: true })
  const { lines } = await stored()
  t.is(lines.at(-1)?.number, 100)
  t.true(lines.length > 20 && lines.length < 40)
  t.is(lines[0]?.line.length, 8192)
  const [dropped, first = ''] = await (await read(false)).ended
  t.is(dropped, `dropped ${100 - lines.length}`)
  t.true(first.startsWith(`stdout ${101 - lines.length} `))
})

test('a log goes with its image, and none of an image of that name before is told', async t => {
  const { logs, images, buildRecords, read, stored } = await createStage()
  const build = logs.begin(image)
  build.line('stdout', 'one')
  build.end({ ok: true })
  await stored()
  const { ended } = await read(true)
  await images.remove('dispatch', 'web')
  t.deepEqual(await ended, [])
  await until('the record is gone', async () => !(await buildRecords.get('dispatch', 'web')))
  await t.throwsAsync(read(false), { message: 'image web not found' })
  const late = logs.begin(image)
  await images.create({ ...image, id: 'image-2' })
  late.end({ ok: true })
  t.deepEqual(await (await read(false)).ended, [])
})

test('silent streams are kept alive, and end with the server or their reader', async t => {
  const { logs, read } = await createStage()
  const first = await logs.read({ ...query, follow: true })
  const iterator = first[Symbol.asyncIterator]()
  t.is((await iterator.next()).value, 'retry: 1000\n\n')
  t.is((await iterator.next()).value, ':\n\n')
  await iterator.return?.()
  const readers = await Promise.all(Array.from({ length: 64 }, () => read(true)))
  await t.throwsAsync(read(true), { message: '64 readers follow builds already; try again in 5 s' })
  logs.close()
  for (const { ended } of readers) t.deepEqual(await ended, [])
  await t.throwsAsync(read(true), { message: /shutting down/ })
})

test('an image that was changed has no log until it is built again', async t => {
  const { logs, read, settle, stored, buildRecords } = await createStage()
  logs.begin(image).end({ ok: false, reason: 'no' })
  await stored()
  await settle('ERROR')
  t.deepEqual(await (await read(true)).ended, ['end ERROR no'])
  await settle('UPDATING')
  await until('the record is gone', async () => !(await buildRecords.get('dispatch', 'web')))
  const { ended } = await read(true)
  logs.begin(image).end({ ok: true })
  t.deepEqual(await ended, ['end READY'])
})
