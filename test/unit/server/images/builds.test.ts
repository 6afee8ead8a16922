/** Builds that images share, wait for, give up and try again. */
import test from 'ava'
import { BuildFailure } from '../../../../server/images/build-failure.ts'
import type { BuildResult } from '../../../../server/images/build-log.ts'
import { type Build, type BuildsOptions, createBuilds } from '../../../../server/images/builds.ts'
import type { BuildRequest } from '../../../../server/images/content.ts'
import { dockerImageOf } from '../../../helpers/docker-image.ts'
import { until } from '../../../helpers/wait.ts'

const base = { reference: 'r', dockerImage: dockerImageOf() }
const request = (hash: string): BuildRequest => ({ hash, contract: 'worker', base, manifest: hash, systemPackages: [] })
const wanter = (name: string) => ({ key: `o/${name}`, id: name, org: 'o', name })

interface Begun {
  hash: string
  signal: AbortSignal
  print(line: string): void
  end(thrown?: unknown): void
}

/** Builds that end when the test says so, or when they are cancelled. */
function begin(options: Partial<BuildsOptions> = {}) {
  const begun: Begun[] = []
  const woken: string[] = []
  const told: string[] = []
  const build: Build = async ({ hash }, { signal, onLine }) => {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    signal.addEventListener('abort', () => reject(signal.reason))
    const end = (thrown?: unknown) => (thrown === undefined ? resolve() : reject(thrown))
    begun.push({ hash, signal, print: line => onLine('stdout', line), end })
    await promise
  }
  const log: BuildsOptions['log'] = {
    begin: ({ name }) => {
      told.push(`${name} begins`)
      const end = (result: BuildResult) => void told.push(`${name} ${result.ok ? 'is through' : result.reason}`)
      return { line: (_, text) => void told.push(`${name}: ${text}`), end }
    },
  }
  const wake = (key: string) => void woken.push(key)
  const builds = createBuilds({
    build,
    log,
    wake,
    nowMs: () => 0,
    atOnce: 1,
    retryMsAfter: () => 3_600_000,
    ...options,
  })
  const reach = (count: number) =>
    until(`${count} builds have begun`, async () => begun.length >= count && begun.at(-1))
  return { begun, woken, told, builds, reach }
}

const ended = (woken: string[], count: number) => until('images are woken', async () => woken.length >= count)

test('two images that want the same share one build, and each is told what it prints', async t => {
  const { begun, woken, told, builds, reach } = begin()
  builds.want(wanter('a'), request('1'))
  const { print, end } = await reach(1)
  print('first')
  builds.want(wanter('b'), request('1'))
  print('second')
  end()
  await ended(woken, 2)
  t.is(begun.length, 1)
  t.deepEqual(woken, ['o/a', 'o/b'])
  t.deepEqual(told, [
    ...['a begins', 'a: first', 'b begins', 'b: first', 'a: second', 'b: second'],
    ...['a is through', 'b is through'],
  ])
})

test('as many run as may, the others in order', async t => {
  const { begun, builds, reach } = begin({ atOnce: 2 })
  for (const name of ['1', '2', '3', '4']) builds.want(wanter(name), request(name))
  await reach(2)
  t.is(begun.length, 2)
  begun[0]?.end()
  await reach(3)
  t.deepEqual(
    begun.map(({ hash }) => hash),
    ['1', '2', '3'],
  )
})

test('a build goes on while anybody wants it, and is cancelled when nobody does', async t => {
  const { told, builds, reach } = begin()
  builds.want(wanter('a'), request('1'))
  builds.want(wanter('b'), request('1'))
  const { signal } = await reach(1)
  builds.leave('o/a')
  t.false(signal.aborted)
  builds.leave('o/b')
  t.true(signal.aborted)
  t.deepEqual(told.slice(-2), ['a the build was cancelled', 'b the build was cancelled'])
})

test('an image that wants something else gives up what it wanted before', async t => {
  const { begun, builds, reach } = begin()
  builds.want(wanter('a'), request('1'))
  const first = await reach(1)
  builds.want(wanter('a'), request('2'))
  t.true(first.signal.aborted)
  t.is((await reach(2)).hash, '2')
  t.is(begun.length, 2)
})

test('what waits for its turn is forgotten when nobody wants it any more', async t => {
  const { builds, begun, reach } = begin()
  builds.want(wanter('a'), request('1'))
  builds.want(wanter('b'), request('2'))
  builds.want(wanter('c'), request('3'))
  builds.leave('o/b')
  begun[0]?.end()
  t.is((await reach(2)).hash, '3')
})

test('a failed build says why and when it is tried again, and is tried by itself', async t => {
  const pauses: number[] = []
  const retryMsAfter = (failures: number) => {
    pauses.push(failures)
    return failures === 1 ? 1 : 3_600_000
  }
  const { woken, told, builds, reach } = begin({ retryMsAfter })
  builds.want(wanter('a'), request('1'))
  ;(await reach(1)).end(new BuildFailure('no such package', 'Step 1/1 : x'))
  await until('it is due', async () => woken.length === 2 && builds.failureOf('1') === undefined)
  builds.want(wanter('a'), request('1'))
  ;(await reach(2)).end(new BuildFailure('no such package', 'Step 1/1 : x'))
  await ended(woken, 3)
  t.deepEqual(builds.failureOf('1'), { cause: 'no such package', output: 'Step 1/1 : x', retryAtMs: 3_600_000 })
  t.deepEqual(pauses, [1, 2])
  t.is(told.at(-1), 'a no such package')
  await builds.close()
})

test('to want what has failed does not try it before its time', async t => {
  const { begun, woken, builds, reach } = begin()
  builds.want(wanter('a'), request('1'))
  ;(await reach(1)).end(new BuildFailure('no'))
  await ended(woken, 1)
  builds.want(wanter('b'), request('1'))
  t.is(begun.length, 1)
  t.truthy(builds.failureOf('1'))
  builds.leave('o/a')
  builds.leave('o/b')
  t.is(builds.failureOf('1'), undefined)
})

test("the machine's fault is told once to the next who wants it, and then it is tried again", async t => {
  const { woken, builds, reach } = begin()
  builds.want(wanter('a'), request('1'))
  ;(await reach(1)).end(new Error('Docker is not running'))
  await ended(woken, 1)
  t.throws(() => builds.want(wanter('a'), request('1')), { message: 'Docker is not running' })
  builds.want(wanter('a'), request('1'))
  await t.notThrowsAsync(reach(2))
})

test('nothing is left when all is closed', async t => {
  const { begun, builds, reach } = begin()
  builds.want(wanter('a'), request('1'))
  builds.want(wanter('b'), request('2'))
  const { signal } = await reach(1)
  await builds.close()
  t.true(signal.aborted)
  builds.want(wanter('c'), request('3'))
  t.is(begun.length, 1)
})
