/** What Docker pulls from a registry that asks for a password. */

import { execFile } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import test, { type ExecutionContext } from 'ava'
import { writeArchive } from '../../helpers/docker-archive.ts'
import { createRealDocker } from '../../helpers/real-docker.ts'
import { registryCredentials, startRegistry } from '../../helpers/registry.ts'
import { runtimeImage } from '../../helpers/runtime-images.ts'
import { tarOf } from './builder-cases.ts'
import { uniqueLabels, uniqueReference } from './samples.ts'

const docker = createRealDocker()
const run = promisify(execFile)

/** Text that packing makes little smaller. */
const noiseOf = (bytes: number) => randomBytes(bytes / 2).toString('hex')

/** An image that is in the registry alone. */
async function guardedImage(t: ExecutionContext): Promise<string> {
  const registry = await startRegistry(t)
  const directory = await mkdtemp(join(tmpdir(), 'dispatch-archive-'))
  const local = uniqueReference()
  await writeArchive(join(directory, 'image.tar'), { reference: local, labels: uniqueLabels() })
  await run('docker', ['load', '--quiet', '--input', join(directory, 'image.tar')])
  await rm(directory, { recursive: true })
  const reference = await registry.push(local, `team/${randomUUID()}:1`)
  await docker.removeImage(local)
  t.teardown(() => docker.removeImage(reference))
  return reference
}

test('an image is pulled with the credentials of its registry, and with no others', async t => {
  const reference = await guardedImage(t)
  const timeoutMs = 60_000
  await t.throwsAsync(docker.pullImage(reference, { timeoutMs }), { message: /basic auth|unauthorized|authorization/ })
  const wrong = { ...registryCredentials, password: 'wrong-word' }
  const refused = await t.throwsAsync(docker.pullImage(reference, { timeoutMs, credentials: wrong }))
  t.notRegex(refused?.message ?? '', /wrong-word/)
  t.is(await docker.findImage(reference), undefined)
  await docker.pullImage(reference, { timeoutMs, credentials: registryCredentials })
  t.deepEqual((await docker.findImage(reference))?.tags, [reference])
})

test('an image that is larger than it may be is given up', async t => {
  const registry = await startRegistry(t)
  // Docker asks for layers that it lacks only: the image is removed with its content where nothing else has that.
  const built = await docker.buildImage({
    context: await tarOf({
      Dockerfile: 'ARG IMAGE\nFROM $IMAGE\nCOPY noise /noise\n',
      noise: noiseOf(8 * 1024 * 1024),
    }),
    reference: uniqueReference(),
    args: { IMAGE: runtimeImage('python3').dockerImage },
    labels: {},
    network: 'none',
    cpus: 1,
    instanceId: 'none',
    memoryBytes: 256 * 1024 * 1024,
    onLine: () => undefined,
    signal: new AbortController().signal,
  })
  t.teardown(() => docker.removeImage(built))
  const reference = await registry.push(built, `team/${randomUUID()}:1`)
  t.true(await docker.removeImage(built))
  const pull = { timeoutMs: 60_000, credentials: registryCredentials }
  await t.throwsAsync(docker.pullImage(reference, { ...pull, maxBytes: 1024 * 1024 }), {
    message: /^Docker could not pull the image .*: it has \d+ bytes or more, and 1048576 are allowed$/,
  })
  t.is(await docker.findImage(reference), undefined)
  await docker.pullImage(reference, { ...pull, maxBytes: 16 * 1024 * 1024 })
  t.true(await docker.removeImage(reference))
})
