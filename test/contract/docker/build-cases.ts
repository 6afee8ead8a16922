/** What the Docker port promises to those who make images; the same cases run on Docker itself and on the fake. */
import { Readable } from 'node:stream'
import type { ExecutionContext, TestFn } from 'ava'
import type { ContainerSpec } from '../../../server/docker/port.ts'
import { packArchive } from '../../helpers/docker-archive.ts'
import { addedImage, containerSpec, type DockerCases, uniqueLabels, uniqueReference } from './samples.ts'

/** Never aborts. */
const { signal } = new AbortController()

export function testBuilds(test: TestFn, cases: DockerCases): void {
  const { docker, runnable, ending } = cases

  async function created(t: ExecutionContext, changes: Partial<ContainerSpec>): Promise<string> {
    const id = await docker.createContainer(containerSpec({ ...runnable, profile: 'build', ...changes }))
    t.teardown(() => docker.removeContainer(id))
    return id
  }

  async function started(t: ExecutionContext, changes: Partial<ContainerSpec>): Promise<string> {
    const id = await created(t, changes)
    await docker.startContainer(id)
    return id
  }

  /** Id and name of an image that was made of a container which has ended; both go away with the test. */
  async function committed(t: ExecutionContext, labels: Record<string, string>) {
    const container = await started(t, { ...ending, labels: uniqueLabels() })
    await docker.waitContainer(container, signal)
    const reference = uniqueReference()
    const id = await docker.commitContainer(container, { reference, labels })
    t.teardown(async () => {
      await docker.removeContainer(container)
      await docker.removeImage(id)
    })
    return { container, reference, id }
  }

  test('waitContainer() tells how a container has ended, also when it has ended before', async t => {
    const id = await started(t, ending)
    const end = { exitCode: 7, outOfMemory: false }
    t.deepEqual(await docker.waitContainer(id, signal), end)
    t.deepEqual(await docker.waitContainer(id, signal), end)
  })

  test('waitContainer() and followLog() reject when the signal aborts, or there is no such container', async t => {
    const id = await started(t, { logBytes: 4096 })
    const stop = new AbortController()
    const waits = Promise.all([
      t.throwsAsync(docker.waitContainer(id, stop.signal), { message: /abort/ }),
      t.throwsAsync(
        docker.followLog(id, () => undefined, stop.signal),
        { message: /abort/ },
      ),
    ])
    stop.abort()
    await waits
    t.like(await docker.inspectContainer(id), { running: true })
    const absent = { message: /[Nn]o such container/ }
    await t.throwsAsync(docker.waitContainer('absent', signal), absent)
    await t.throwsAsync(
      docker.followLog('absent', () => undefined, signal),
      absent,
    )
  })

  test('a container that is removed while it is waited for ended by a kill', async t => {
    const id = await started(t, {})
    const end = docker.waitContainer(id, signal)
    await docker.removeContainer(id)
    // Docker may forget it before it can tell.
    t.is(
      await end.then(
        ({ exitCode }) => exitCode,
        () => 137,
      ),
      137,
    )
  })

  test('followLog() tells each line with its stream, and resolves at the end', async t => {
    const id = await started(t, { ...ending, logBytes: 64 * 1024 })
    const followed = async () => {
      const lines: string[] = []
      await docker.followLog(id, (stream, line) => lines.push(`${stream} ${line.at(-1)}`), signal)
      return lines
    }
    const expected = ['stdout 1', 'stderr ä', 'stdout 3'].toSorted()
    t.deepEqual((await followed()).toSorted(), expected)
    t.deepEqual((await followed()).toSorted(), expected)
  })

  test('commitContainer() makes an image with the labels of its base and its own, none of the container', async t => {
    const base = (await docker.findImage(ending.dockerImage))?.labels ?? {}
    const labels = { ...uniqueLabels(), 'x.y': 'ä "b"' }
    const { container, reference, id } = await committed(t, labels)
    const found = await docker.findImage(reference)
    t.is(found?.id, id)
    t.deepEqual(found?.tags, [reference])
    t.like(found?.labels, { ...base, ...labels })
    t.true((found?.bytes ?? 0) > 0)
    t.true(Math.abs((found?.createdMs ?? 0) - Date.now()) < 3_600_000)
    const [listed] = await docker.listImages(labels)
    t.like(listed, { id, tags: [reference], labels: found?.labels })
    const like = await docker.listContainers(labels)
    t.deepEqual(like, [], 'the container has none of them')
    t.truthy(await docker.inspectContainer(container))
  })

  test('a container of an image that was made has none of the labels of the one that it was made of', async t => {
    const { id } = await committed(t, uniqueLabels())
    const labels = uniqueLabels()
    const maker = await started(t, { ...ending, labels: { ...labels, role: 'build' } })
    await docker.waitContainer(maker, signal)
    const made = await docker.commitContainer(maker, { reference: uniqueReference(), labels: {} })
    const user = await created(t, { dockerImage: made, profile: 'function' })
    t.teardown(async () => {
      for (const container of [user, maker]) await docker.removeContainer(container)
      await docker.removeImage(made)
    })
    t.deepEqual(
      (await docker.listContainers(labels)).map(container => container.id),
      [maker],
    )
    t.not(made, id)
  })

  test('commitContainer() rejects what is no name, and a container that is not there', async t => {
    const commit = (id: string, reference: string) => docker.commitContainer(id, { reference, labels: {} })
    await t.throwsAsync(commit('absent', uniqueReference()), { message: /[Nn]o such container/ })
    await t.throwsAsync(commit('absent', 'a//b'), { message: 'invalid reference "a//b"' })
  })

  test('listImages() finds by all labels', async t => {
    const labels = { ...uniqueLabels(), role: 'one' }
    const reference = await addedImage(t, cases, labels)
    t.deepEqual(
      (await docker.listImages(labels)).map(({ tags }) => tags),
      [[reference]],
    )
    t.deepEqual(await docker.listImages({ ...labels, role: 'two' }), [])
  })

  test('removeImage() by name takes the name away, by id all of them with the image', async t => {
    const labels = uniqueLabels()
    const reference = await addedImage(t, cases, labels)
    const [one, other] = [uniqueReference(), uniqueReference()]
    await docker.tagImage(reference, one)
    await docker.tagImage(reference, other)
    t.true(await docker.removeImage(one))
    const { id = '', tags } = (await docker.findImage(reference)) ?? {}
    t.deepEqual(tags?.toSorted(), [reference, other].toSorted())
    t.true(await docker.removeImage(id))
    t.true(await docker.removeImage(id))
    t.deepEqual(await docker.listImages(labels), [])
  })

  test('removeImage() is false for the last name, or the id, of an image that a container is of, and leaves it', async t => {
    const labels = uniqueLabels()
    const { id, reference } = await committed(t, labels)
    const other = uniqueReference()
    await docker.tagImage(id, other)
    const user = await created(t, { dockerImage: id })
    t.teardown(() => docker.removeContainer(user))
    t.true(await docker.removeImage(other))
    for (const used of [reference, id]) {
      t.false(await docker.removeImage(used))
      t.deepEqual((await docker.findImage(id))?.tags, [reference])
    }
    await docker.startContainer(user)
    t.false(await docker.removeImage(id))
    await docker.removeContainer(user)
    t.true(await docker.removeImage(id))
    t.deepEqual(await docker.listImages(labels), [])
  })

  test('an image on which others are built takes nothing of them away, and goes with the last of them at the latest', async t => {
    const [below, above] = [uniqueLabels(), uniqueLabels()]
    const base = await committed(t, below)
    const maker = await started(t, { ...ending, dockerImage: base.id })
    await docker.waitContainer(maker, signal)
    const id = await docker.commitContainer(maker, { reference: uniqueReference(), labels: above })
    await docker.removeContainer(maker)
    await docker.removeContainer(base.container)
    // Whether it goes at once or with the last one differs between Docker's stores.
    await docker.removeImage(base.id)
    t.true(await docker.removeImage(base.reference))
    t.truthy(await docker.findImage(id))
    const user = await started(t, { ...ending, dockerImage: id })
    t.is((await docker.waitContainer(user, signal)).exitCode, 7)
    await docker.removeContainer(user)
    t.true(await docker.removeImage(id))
    t.deepEqual(await docker.listImages(below), [])
    t.deepEqual(await docker.listImages(above), [])
  })

  test('loadImages() tells the names of what it loaded; imageDisk() what all of them need', async t => {
    const [reference, labels] = [uniqueReference(), uniqueLabels()]
    const archive = await packArchive({ reference, labels })
    const loaded = await docker.loadImages(Readable.from([archive.subarray(0, 700), archive.subarray(700)]))
    t.teardown(() => docker.removeImage(reference))
    t.deepEqual(loaded, [reference])
    t.like(await docker.findImage(reference), { labels, tags: [reference] })
    t.true((await docker.imageDisk()) > 0)
    await t.throwsAsync(docker.loadImages(Readable.from([Buffer.from('no archive')])), {
      message: /^Docker could not load images: /,
    })
  })

  test('writableBytes() tells what a container has written; undefined when it is not there', async t => {
    const id = await started(t, ending)
    await docker.waitContainer(id, signal)
    t.is(typeof (await docker.writableBytes(id)), 'number')
    await docker.removeContainer(id)
    t.is(await docker.writableBytes(id), undefined)
  })
}
