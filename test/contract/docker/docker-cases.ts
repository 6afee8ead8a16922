/** What the Docker port promises; the same cases run on Docker itself and on the fake. */
import { randomUUID } from 'node:crypto'
import type { ExecutionContext, TestFn } from 'ava'
import { until } from '../../helpers/wait.ts'
import { addedImage, containerSpec, type DockerCases, uniqueLabels } from './samples.ts'

export function testDocker(test: TestFn, cases: DockerCases): void {
  const { docker, runnable } = cases
  const spec = (labels: Record<string, string>) => containerSpec({ ...runnable, labels })

  async function createdContainer(t: ExecutionContext, labels: Record<string, string>): Promise<string> {
    const id = await docker.createContainer(spec(labels))
    t.teardown(() => docker.removeContainer(id))
    return id
  }

  test('version() tells a version', async t => {
    const { version, apiVersion } = await docker.version()
    t.regex(version, /^\d+\./)
    t.regex(apiVersion, /^\d+\.\d+$/)
  })

  test('findImage() tells labels and tags of an image', async t => {
    const labels = { a: 'ä b', 'x.y': '{"z":1}' }
    const reference = await addedImage(t, cases, labels)
    const found = await docker.findImage(reference)
    t.deepEqual(found?.labels, labels)
    t.deepEqual(found?.tags, [reference])
    t.regex(found?.id ?? '', /^sha256:/)
  })

  test('findImage() answers undefined for an image that is not there', async t => {
    t.is(await docker.findImage('dispatch-test/absent:1'), undefined)
  })

  test('tagImage() gives an image one more name, removeImage() takes it again and is harmless twice', async t => {
    const reference = await addedImage(t, cases, { n: randomUUID() })
    const target = `dispatch-test/${randomUUID()}:2`
    await docker.tagImage(reference, target)
    t.truthy(await docker.findImage(target))
    await docker.removeImage(target)
    await docker.removeImage(target)
    t.is(await docker.findImage(target), undefined)
    t.truthy(await docker.findImage(reference))
  })

  test('tagImage() rejects for an image that is not there', async t => {
    await t.throwsAsync(docker.tagImage('dispatch-test/absent:1', 'dispatch-test/new:1'), {
      message: /[Nn]o such image/,
    })
  })

  test('an image is found, tagged and run by the id of its content too', async t => {
    const reference = await addedImage(t, cases, { n: randomUUID() })
    const target = `dispatch-test/${randomUUID()}:2`
    const { id = '' } = (await docker.findImage(reference)) ?? {}
    t.is((await docker.findImage(id))?.id, id)
    await docker.tagImage(id, target)
    t.teardown(() => docker.removeImage(target))
    t.deepEqual((await docker.findImage(id))?.tags.toSorted(), [reference, target].toSorted())
    const labels = uniqueLabels()
    const container = await docker.createContainer({ ...spec(labels), dockerImage: id })
    t.teardown(() => docker.removeContainer(container))
    t.is((await docker.listContainers(labels))[0]?.id, container)
  })

  for (const text of ['', '/x', 'x//y', 'a/../b', '../containers', 'a?b', 'a b', 'Team/a']) {
    test(`"${text}" is no reference: nothing is found, pulled, tagged, run or removed`, async t => {
      const invalid = { message: `invalid reference "${text}"` }
      t.is(await docker.findImage(text), undefined)
      await t.throwsAsync(docker.pullImage(text, { timeoutMs: 30_000 }), invalid)
      await t.throwsAsync(docker.tagImage(text, 'dispatch-test/new:1'), invalid)
      await t.throwsAsync(docker.tagImage(runnable.dockerImage, text), invalid)
      await t.notThrowsAsync(docker.removeImage(text))
      await t.throwsAsync(docker.createContainer({ ...spec({}), dockerImage: text }), invalid)
    })
  }

  test('an id can be neither pulled nor given to an image, a digest not given', async t => {
    const id = `sha256:${'0'.repeat(64)}`
    t.is(await docker.findImage(id), undefined)
    await t.throwsAsync(docker.pullImage(id, { timeoutMs: 30_000 }), { message: `invalid reference "${id}"` })
    for (const target of [id, `a@${id}`]) {
      await t.throwsAsync(docker.tagImage(runnable.dockerImage, target), { message: `invalid reference "${target}"` })
    }
  })

  test('pullImage() rejects when there is nothing to pull, and names the image', async t => {
    await t.throwsAsync(docker.pullImage('registry.invalid/absent:1', { timeoutMs: 30_000 }), {
      message: /^Docker could not pull the image registry.invalid\/absent:1: /,
    })
  })

  test('createContainer() rejects without its image, and says which', async t => {
    const promise = docker.createContainer({ ...spec({}), dockerImage: 'dispatch-test/absent:1' })
    await t.throwsAsync(promise, { message: /dispatch-test\/absent:1/ })
  })

  test('createContainer() rejects a name that is taken', async t => {
    const first = spec(uniqueLabels())
    const id = await docker.createContainer(first)
    t.teardown(() => docker.removeContainer(id))
    await t.throwsAsync(docker.createContainer(first), { message: /already in use/ })
  })

  test('listContainers() finds by all labels, running or not', async t => {
    const labels = { ...uniqueLabels(), role: 'one' }
    const id = await createdContainer(t, labels)
    t.is((await docker.listContainers(labels))[0]?.id, id)
    await docker.startContainer(id)
    const [found] = await docker.listContainers(labels)
    t.is(found?.id, id)
    t.is(found?.labels.role, 'one')
    t.deepEqual(await docker.listContainers({ ...labels, role: 'two' }), [])
  })

  test('removeContainer() kills, removes, and is harmless twice', async t => {
    const labels = uniqueLabels()
    const id = await createdContainer(t, labels)
    await docker.startContainer(id)
    await docker.removeContainer(id)
    await docker.removeContainer(id)
    t.deepEqual(await docker.listContainers(labels), [])
  })

  test('inspectContainer() tells whether it runs and how it has ended; undefined when it is not there', async t => {
    const id = await createdContainer(t, uniqueLabels())
    t.like(await docker.inspectContainer(id), { running: false, hostPort: undefined })
    await docker.startContainer(id)
    t.like(await docker.inspectContainer(id), { running: true })
    await docker.removeContainer(id)
    t.is(await docker.inspectContainer(id), undefined)
  })

  test('memoryOf() tells what one that runs needs; undefined for one that does not, or is not there', async t => {
    const id = await createdContainer(t, uniqueLabels())
    t.is(await docker.memoryOf(id), undefined)
    await docker.startContainer(id)
    const bytes = (await docker.memoryOf(id)) ?? 0
    t.true(bytes > 0 && bytes <= 64 * 1024 * 1024, String(bytes))
    await docker.removeContainer(id)
    t.is(await docker.memoryOf(id), undefined)
  })

  test('readLog() tells the last lines of one that keeps a log and has ended, whatever stream they were printed on', async t => {
    const printed = async (logBytes: number | undefined, maxLines: number) => {
      const kept = logBytes === undefined ? {} : { logBytes }
      const id = await docker.createContainer({ ...spec({}), ...cases.ending, ...kept })
      t.teardown(() => docker.removeContainer(id))
      await docker.startContainer(id)
      await until('it has ended', async () => (await docker.inspectContainer(id))?.running === false)
      t.like(await docker.inspectContainer(id), { exitCode: 7, outOfMemory: false })
      return (await docker.readLog(id, maxLines)).map(line => line.at(-1))
    }
    // In which order lines of different streams come is not said.
    t.is((await printed(64 * 1024, 2)).length, 2)
    t.deepEqual((await printed(64 * 1024, 9)).toSorted(), ['1', '3', 'ä'])
    t.deepEqual(await docker.readLog('absent', 9), [])
    const logBytes = 64 * 1024
    const unstarted = await docker.createContainer({ ...spec({}), ...cases.ending, logBytes })
    t.teardown(() => docker.removeContainer(unstarted))
    t.deepEqual(await docker.readLog(unstarted, 9), [])
  })

  test('startContainer() rejects for a container that is not there', async t => {
    await t.throwsAsync(docker.startContainer('absent'), { message: /[Nn]o such container/ })
  })

  test('onContainerEnd() tells the end of containers with the labels, until it is stopped', async t => {
    const labels = uniqueLabels()
    const ended: string[] = []
    const stop = docker.onContainerEnd(labels, id => ended.push(id))
    t.teardown(stop)
    // The stream of events opens in the background: containers end until one of them is heard.
    await until('an end is told', async () => {
      const id = await createdContainer(t, labels)
      await docker.startContainer(id)
      await docker.removeContainer(id)
      return ended.length > 0
    })
    const other = await createdContainer(t, uniqueLabels())
    await docker.startContainer(other)
    await docker.removeContainer(other)
    t.false(ended.includes(other))
  })
}
