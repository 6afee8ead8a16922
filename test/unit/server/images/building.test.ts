/** Images with packages, from the request to READY: what is built, what is left of it, and what becomes of it on the way. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import test, { type ExecutionContext } from 'ava'
import { pack } from 'tar-stream'
import type { ContainerSpec } from '../../../../server/docker/port.ts'
import type { BuildOptions } from '../../../../server/image-builds.ts'
import type { End, Run } from '../../../helpers/fake-containers.ts'
import { createFakeDocker, type FakeDocker } from '../../../helpers/fake-docker.ts'
import { addRuntime, createBuildOptions, createTestApp, seed, type TestApp } from '../../../helpers/test-app.ts'
import { until } from '../../../helpers/wait.ts'

interface Builder {
  spec: ContainerSpec
  files: Record<string, string>
  print(line: string): void
  end(how?: End): void
}

interface Stage extends TestApp {
  begun: Builder[]
  options: BuildOptions
  /** The build that begins as the n-th. */
  builder(n: number): Promise<Builder>
  post(name: string, manifest: string): Promise<unknown>
  put(name: string, manifest: string): Promise<unknown>
}

const readFiles = ({ mounts }: ContainerSpec): Record<string, string> => {
  const { hostPath = '' } = mounts.find(({ path }) => path === '/run/dispatch/build') ?? {}
  return Object.fromEntries(readdirSync(hostPath).map(name => [name, readFileSync(join(hostPath, name), 'utf8')]))
}

async function begin(t: ExecutionContext, fields: Partial<BuildOptions> = {}, fakeDocker?: FakeDocker): Promise<Stage> {
  const begun: Builder[] = []
  const run: Run = (spec, end, print) => {
    begun.push({ spec, files: readFiles(spec), print: line => print('stdout', line), end })
    return () => undefined
  }
  const options = { ...createBuildOptions(), ...fields }
  const docker = fakeDocker ?? createFakeDocker(run)
  const app = await createTestApp(t, {}, { fakeDocker: docker, builds: options })
  await seed(app)
  const bodyOf = (name: string, manifest: string) => ({
    ...{ name, baseImageName: 'python3-base', runtimeDependencies: { manifest } },
  })
  return {
    ...app,
    begun,
    options,
    builder: n => until(`build ${n} has begun`, async () => begun[n - 1]),
    post: (name, manifest) => app.call('POST', '/v1/image', bodyOf(name, manifest)),
    put: (name, manifest) => app.call('PUT', `/v1/image/${name}`, bodyOf(name, manifest)),
  }
}

const buildsOf = ({ docker }: Stage) => docker.listContainers({ 'io.dispatchframework.solo.builds': '12345678-test' })
const isClean = (stage: Stage) =>
  until('nothing is left of builds', async () => {
    const files = existsSync(stage.options.directory) ? readdirSync(stage.options.directory) : []
    return (await buildsOf(stage)).length === 0 && files.length === 0
  })

test('packages are installed once, by the programs of the runtime', async t => {
  const stage = await begin(t, {
    settings: { pipIndexUrl: 'http://jon:secret@index/simple' },
    readCa: async () => 'PEM',
  })
  await stage.post('web', 'flask\n')
  const { spec, files, end } = await stage.builder(1)
  t.is((await stage.reach('/v1/image/web', 'CREATING')).body.reason, null)
  t.like(spec, { profile: 'build', network: 'egress', memoryBytes: 1024 ** 3 })
  t.deepEqual(spec.command.slice(3), ['build', '/runtime/install-packages'])
  t.deepEqual(files, {
    'ca.pem': 'PEM',
    'packages.txt': 'flask\n',
    'settings.json': '{"pipIndexUrl":"http://jon:secret@index/simple"}\n',
    'system-packages.txt': '',
  })
  t.notRegex(JSON.stringify([spec.command, spec.env, spec.labels]), /secret/)
  end()
  const { body } = await stage.reach('/v1/image/web', 'READY')
  await isClean(stage)
  await stage.post('again', 'flask\n')
  await stage.reach('/v1/image/again', 'READY')
  t.is(stage.begun.length, 1)
  const image = await stage.docker.findImage(body.dockerUrl)
  t.is(image?.tags.length, 3, 'a name for each image, and one for the content')
  t.is(image?.labels['io.dispatchframework.solo.language'], 'python3')
})

test('packages of the system come first, and need no version', async t => {
  const stage = await begin(t)
  const systemDependencies = { packages: [{ name: 'curl' }, { name: 'jq', version: '1.6-2' }] }
  const body = {
    name: 'tools',
    baseImageName: 'python3-base',
    runtimeDependencies: { manifest: 'flask' },
    systemDependencies,
  }
  await stage.call('POST', '/v1/image', body)
  const { spec, files } = await stage.builder(1)
  t.deepEqual(spec.command.slice(4), ['/runtime/install-system', '/runtime/install-packages'])
  t.is(files['system-packages.txt'], 'curl\njq=1.6-2\n')
})

test('a build that fails says which step, why, and when it is tried again; nothing is left of it', async t => {
  const stage = await begin(t, { retryMsAfter: failures => (failures === 1 ? 1 : 3_600_000) })
  await stage.post('web', 'flask')
  const first = await stage.builder(1)
  first.print('Step 1/1 : install-packages')
  first.print('\u001b[31mERROR: No matching distribution found for flask\u001b[0m')
  first.end({ exitCode: 1 })
  const second = await stage.builder(2)
  second.print('Step 1/1 : install-packages')
  second.print('ERROR: No route to http://jon:secret@index/simple')
  second.end({ exitCode: 1 })
  const { body } = await until('the second failure is told', async () => {
    const answer = await stage.call('GET', '/v1/image/web')
    return answer.body.reason?.[0]?.includes('No route') && answer
  })
  t.is(body.status, 'ERROR')
  t.is(body.reason.length, 1)
  t.regex(
    body.reason[0],
    /^failed to build image 'dispatch\/[0-9a-f-]{36}:latest': its last step ended with exit code 1; it is tried again at \d{4}-.*Z\nStep 1\/1 : install-packages\nERROR: No route to http:\/\/index\/simple$/,
  )
  await isClean(stage)
})

test('what failed is READY by itself once the cause is gone', async t => {
  const stage = await begin(t, { retryMsAfter: () => 1 })
  await stage.post('web', 'flask')
  ;(await stage.builder(1)).end({ exitCode: 1 })
  ;(await stage.builder(2)).end()
  t.is((await stage.reach('/v1/image/web', 'READY')).body.reason, null)
})

const limits: [string, End, RegExp][] = [
  ['memory', { exitCode: 137, outOfMemory: true }, /needs more than the 1024 MiB of build-memory/],
  ['its own exit code', { exitCode: 3 }, /its last step ended with exit code 3/],
]
for (const [title, how, expected] of limits) {
  test(`a build that ends by ${title} says so`, async t => {
    const stage = await begin(t)
    await stage.post('web', 'flask')
    ;(await stage.builder(1)).end(how)
    t.regex((await stage.reach('/v1/image/web', 'ERROR')).body.reason[0], expected)
    await isClean(stage)
  })
}

test('a build that takes too long is ended', async t => {
  const stage = await begin(t, { limits: { ...createBuildOptions().limits, timeoutMs: 1 } })
  await stage.post('web', 'flask')
  t.regex(
    (await stage.reach('/v1/image/web', 'ERROR')).body.reason[0],
    /it took longer than the 0\.001 s of build-timeout/,
  )
  await isClean(stage)
})

test('a build that fills the disk is ended', async t => {
  const stage = await begin(t, { limits: { ...createBuildOptions().limits, diskBytes: -1 } })
  await stage.post('web', 'flask')
  t.regex((await stage.reach('/v1/image/web', 'ERROR')).body.reason[0], /MiB of build-disk/)
  await isClean(stage)
})

test('an image that is edited while it is built is built as it is then', async t => {
  const stage = await begin(t)
  await stage.post('web', 'flask')
  await stage.builder(1)
  await stage.put('web', 'django')
  const { files, end } = await stage.builder(2)
  t.is(files['packages.txt'], 'django')
  t.is((await buildsOf(stage)).length, 1)
  end()
  await stage.reach('/v1/image/web', 'READY')
  t.is(stage.begun.length, 2)
})

test('an image that is deleted while it is built leaves nothing', async t => {
  const stage = await begin(t)
  await stage.post('web', 'flask')
  await stage.builder(1)
  t.is((await stage.call('DELETE', '/v1/image/web')).status, 200)
  await isClean(stage)
  t.is((await stage.docker.listImages({ 'io.dispatchframework.solo.build-instance': '12345678-test' })).length, 0)
})

test('an image whose packages were changed back needs no build', async t => {
  const stage = await begin(t)
  await stage.post('web', 'flask')
  ;(await stage.builder(1)).end()
  await stage.reach('/v1/image/web', 'READY')
  await stage.put('web', '')
  await stage.reach('/v1/image/web', 'READY')
  await stage.put('web', 'flask')
  await stage.reach('/v1/image/web', 'READY')
  t.is(stage.begun.length, 1)
})

test('a newer runtime builds its images anew, which stay READY meanwhile', async t => {
  const stage = await begin(t)
  await stage.post('web', 'flask')
  ;(await stage.builder(1)).end()
  const { body } = await stage.reach('/v1/image/web', 'READY')
  const before = await stage.docker.findImage(body.dockerUrl)
  addRuntime(stage.docker, 'python3', {})
  // Anything that has the image looked at again.
  await stage.call('PUT', '/v1/baseimage/python3-base', {
    ...{ name: 'python3-base', dockerUrl: 'dispatchframework/python3-base:2', language: 'python3' },
  })
  const { end } = await stage.builder(2)
  t.is((await stage.call('GET', '/v1/image/web')).body.status, 'READY')
  end()
  await until('the image has moved', async () => (await stage.docker.findImage(body.dockerUrl))?.id !== before?.id)
  t.truthy(await stage.docker.findImage(before?.id ?? ''))
})

test('what a former life of the server has left of builds is removed at start', async t => {
  const docker = createFakeDocker()
  addRuntime(docker, 'python3', {})
  const spec = { ...{ dockerImage: 'dispatch-solo/python3:test', command: [], env: {}, mounts: [] }, memoryBytes: 1 }
  const mine = { 'io.dispatchframework.solo.builds': '12345678-test' }
  const others = { 'io.dispatchframework.solo.builds': 'another' }
  const rest = { cpus: 1, maxProcesses: 1, network: 'none' as const }
  await docker.createContainer({ ...spec, ...rest, name: 'mine', labels: mine })
  await docker.createContainer({ ...spec, ...rest, name: 'others', labels: others })
  const { directory } = createBuildOptions()
  mkdirSync(join(directory, 'build-left'), { recursive: true })
  t.teardown(() => rmSync(directory, { recursive: true, force: true }))
  await begin(t, { directory }, docker)
  t.deepEqual(await docker.listContainers(mine), [])
  t.false(existsSync(directory))
  t.is((await docker.listContainers(others)).length, 1)
})

test('a build that begins leaves the files of others alone', async t => {
  const stage = await begin(t)
  const { directory } = stage.options
  mkdirSync(join(directory, 'build-of-another'), { recursive: true })
  t.teardown(() => rmSync(directory, { recursive: true, force: true }))
  await stage.post('web', 'flask')
  const { end } = await stage.builder(1)
  t.true(existsSync(join(directory, 'build-of-another')))
  end()
  await stage.reach('/v1/image/web', 'READY')
})

test('a server that stops leaves nothing of its builds', async t => {
  const stage = await begin(t)
  await stage.post('web', 'flask')
  await stage.builder(1)
  await stage.app.endBuilds()
  t.is((await buildsOf(stage)).length, 0)
  await isClean(stage)
})

test('an image is built after its base image has recovered', async t => {
  const stage = await begin(t)
  await stage.call('POST', '/v1/baseimage', { name: 'mine', dockerUrl: 'me/mine:1', language: 'python3' })
  await stage.reach('/v1/baseimage/mine', 'ERROR')
  await stage.call('POST', '/v1/image', {
    name: 'on-mine',
    baseImageName: 'mine',
    runtimeDependencies: { manifest: 'x' },
  })
  await stage.reach('/v1/image/on-mine', 'ERROR')
  stage.docker.addImage('me/mine:1', { 'io.dispatchframework.solo.language': 'python3' })
  await stage.call('PUT', '/v1/baseimage/mine', { name: 'mine', dockerUrl: 'me/mine:1', language: 'python3' })
  ;(await stage.builder(1)).end()
  t.is((await stage.reach('/v1/image/on-mine', 'READY')).body.language, 'python3')
})

/** As Docker gives a folder: entries begin with its name. */
async function folderOf(files: Record<string, string>): Promise<Buffer> {
  const tar = pack()
  for (const [name, content] of Object.entries(files)) tar.entry({ name: `image-template/${name}` }, content)
  tar.finalize()
  return await buffer(tar)
}

async function addForeignBase(stage: Stage, dockerfile: string, labels: Record<string, string> = {}): Promise<void> {
  stage.docker.addImage('others/base:1', labels)
  const path = labels['io.dispatchframework.imageTemplate'] ?? '/image-template'
  stage.docker.addFolder('others/base:1', path, await folderOf({ Dockerfile: dockerfile }))
  await stage.call('POST', '/v1/baseimage', { name: 'others', dockerUrl: 'others/base:1', language: 'ruby' })
}

test("an image on somebody else's base is built by the Dockerfile that it brings", async t => {
  const stage = await begin(t)
  await addForeignBase(stage, 'FROM $BASE_IMAGE\n', { 'io.dispatchframework.imageTemplate': '/elsewhere' })
  await stage.call('POST', '/v1/image', { name: 'theirs', baseImageName: 'others' })
  const { body } = await stage.reach('/v1/image/theirs', 'READY')
  t.is(stage.begun.length, 0)
  t.is((await stage.docker.findImage(body.dockerUrl))?.labels['io.dispatchframework.imageTemplate'], '/elsewhere')
  t.like(await stage.store.collection('Image').get('dispatch', 'theirs'), { contract: 'http', runtimeLanguage: 'ruby' })
})

test('a Dockerfile that fails says at which step', async t => {
  const stage = await begin(t)
  await addForeignBase(stage, 'FROM $BASE_IMAGE\nRUN tdnf install x && exit 5\n')
  await stage.call('POST', '/v1/image', { name: 'theirs', baseImageName: 'others' })
  const { reason } = (await stage.reach('/v1/image/theirs', 'ERROR')).body
  t.regex(
    reason[0],
    /^failed to build image 'dispatch\/.*': The command '.*' returned a non-zero code: 5; it is tried again at .*\nStep 2\/2 : RUN tdnf/,
  )
})

test('a Docker image that is no base image at all says what it lacks', async t => {
  const stage = await begin(t)
  stage.docker.addImage('others/base:1')
  await stage.call('POST', '/v1/baseimage', { name: 'others', dockerUrl: 'others/base:1', language: 'ruby' })
  await stage.call('POST', '/v1/image', { name: 'theirs', baseImageName: 'others' })
  const { reason } = (await stage.reach('/v1/image/theirs', 'ERROR')).body
  t.regex(
    reason[0],
    /others\/base:1 has no folder \/image-template: it is neither a runtime of Dispatch Solo nor a base image/,
  )
})
