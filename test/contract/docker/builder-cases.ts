/** What the Docker port promises of Docker's own builder, and of files in images; the same cases run on Docker itself and on the fake. */
import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import type { ExecutionContext, TestFn } from 'ava'
import { extract, pack } from 'tar-stream'
import { BuildError, type ImageBuild } from '../../../server/docker/port.ts'
import { type DockerCases, uniqueLabels, uniqueReference } from './samples.ts'

export interface BuilderCases extends DockerCases {
  /** A folder in the image of `runnable`, and a file in it. */
  folder: { path: string; file: string }
}

export async function tarOf(files: Record<string, string>): Promise<Buffer> {
  const tar = pack()
  for (const [name, content] of Object.entries(files)) tar.entry({ name }, content)
  tar.finalize()
  return await buffer(tar)
}

async function namesIn(tar: AsyncIterable<Buffer>): Promise<string[]> {
  const names: string[] = []
  const reader = extract()
  reader.on('entry', ({ name }, stream, next) => {
    names.push(name)
    stream.on('end', next).resume()
  })
  await pipeline(tar, reader)
  return names
}

export function testBuilder(test: TestFn, cases: BuilderCases): void {
  const { docker, runnable, folder } = cases

  async function buildOf(dockerfile: string, changes: Partial<ImageBuild> = {}): Promise<ImageBuild> {
    return {
      context: await tarOf({ Dockerfile: dockerfile }),
      reference: uniqueReference(),
      args: { IMAGE: runnable.dockerImage },
      labels: uniqueLabels(),
      network: 'none',
      instanceId: randomUUID(),
      memoryBytes: 64 * 1024 * 1024,
      cpus: 1,
      onLine: () => undefined,
      signal: new AbortController().signal,
      ...changes,
    }
  }

  async function built(t: ExecutionContext, build: ImageBuild): Promise<string> {
    const id = await docker.buildImage(build)
    t.teardown(() => docker.removeImage(id))
    return id
  }

  const failing = 'ARG IMAGE\nFROM $IMAGE\nRUN echo "what it says"; exit 3\n'

  test('buildImage() makes an image with the labels of its base and its own, and tells the steps', async t => {
    const lines: string[] = []
    const build = await buildOf('ARG IMAGE\nFROM $IMAGE\nLABEL other=1\n', { onLine: (_, line) => lines.push(line) })
    const id = await built(t, build)
    const found = await docker.findImage(build.reference)
    t.is(found?.id, id)
    t.deepEqual(found?.tags, [build.reference])
    t.like(found?.labels, { ...(await docker.findImage(runnable.dockerImage))?.labels, ...build.labels })
    t.true(lines.some(line => /^Step 2\/\d : FROM \$IMAGE$/.test(line)))
  })

  test('buildImage() reads a stream, and a tar whose end is missing', async t => {
    const whole = await tarOf({ other: 'x', Dockerfile: 'ARG IMAGE\nFROM $IMAGE\nLABEL a=b\n' })
    const cut = whole.subarray(0, whole.length - 1024)
    for (const context of [cut, Readable.from([cut.subarray(0, 700), cut.subarray(700)])]) {
      const id = await built(t, await buildOf('', { context }))
      t.truthy(await docker.findImage(id))
    }
  })

  test('a build that fails rejects with the error and what was printed since the last step', async t => {
    const build = await buildOf(failing)
    const error = await t.throwsAsync(docker.buildImage(build), { instanceOf: BuildError })
    t.regex(
      error?.message ?? '',
      /^The command '.*' returned a non-zero code: 3\nStep 3\/\d : RUN echo .*\n[\s\S]*what it says/,
    )
    t.is(await docker.findImage(build.reference), undefined)
    t.deepEqual(await docker.listImages(build.labels), [])
  })

  test('a build without a Dockerfile is at fault itself', async t => {
    const build = await buildOf('', { context: await tarOf({ other: 'x' }) })
    await t.throwsAsync(docker.buildImage(build), { instanceOf: BuildError, message: /Dockerfile/ })
  })

  test('buildImage() rejects when the signal aborts, and builds no image of what is no name', async t => {
    const build = await buildOf('ARG IMAGE\nFROM $IMAGE\nLABEL a=b\n', { signal: AbortSignal.abort() })
    const error = await t.throwsAsync(docker.buildImage(build), { message: /abort/ })
    t.false(error instanceof BuildError)
    t.is(await docker.findImage(build.reference), undefined)
    await t.throwsAsync(docker.buildImage(await buildOf('', { reference: 'a//b' })), {
      message: /invalid reference "a\/\/b"/,
    })
  })

  test('readFolder() gives a folder of an image as a tar; undefined when it has none', async t => {
    const read = await docker.readFolder(runnable.dockerImage, folder.path)
    const name = folder.path.slice(folder.path.lastIndexOf('/') + 1)
    t.true(read !== undefined && (await namesIn(read)).includes(`${name}/${folder.file}`))
    t.is(await docker.readFolder(runnable.dockerImage, '/no/such/folder'), undefined)
    await t.throwsAsync(docker.readFolder('dispatch-test/absent:1', folder.path), { message: /[Nn]o such image/ })
  })
}
