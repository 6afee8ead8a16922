import { buffer } from 'node:stream/consumers'
import test from 'ava'
import { pack } from 'tar-stream'
import { beginBuilds, isClean, type Stage } from '../../../helpers/build-stage.ts'
import type { End } from '../../../helpers/fake-containers.ts'
import { createBuildOptions } from '../../../helpers/test-app.ts'
import { until } from '../../../helpers/wait.ts'

test('packages are installed once, by the programs of the runtime', async t => {
  const stage = await beginBuilds(t, {
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
  const stage = await beginBuilds(t)
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
  const stage = await beginBuilds(t, { retryMsAfter: failures => (failures === 1 ? 1 : 3_600_000) })
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
  const stage = await beginBuilds(t, { retryMsAfter: () => 1 })
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
    const stage = await beginBuilds(t)
    await stage.post('web', 'flask')
    ;(await stage.builder(1)).end(how)
    t.regex((await stage.reach('/v1/image/web', 'ERROR')).body.reason[0], expected)
    await isClean(stage)
  })
}

test('a build that takes too long is ended', async t => {
  const stage = await beginBuilds(t, { limits: { ...createBuildOptions().limits, timeoutMs: 1 } })
  await stage.post('web', 'flask')
  t.regex(
    (await stage.reach('/v1/image/web', 'ERROR')).body.reason[0],
    /it took longer than the 0\.001 s of build-timeout/,
  )
  await isClean(stage)
})

test('a build that fills the disk is ended', async t => {
  const stage = await beginBuilds(t, { limits: { ...createBuildOptions().limits, diskBytes: -1 } })
  await stage.post('web', 'flask')
  t.regex((await stage.reach('/v1/image/web', 'ERROR')).body.reason[0], /MiB of build-disk/)
  await isClean(stage)
})

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
  const stage = await beginBuilds(t)
  await addForeignBase(stage, 'FROM $BASE_IMAGE\n', { 'io.dispatchframework.imageTemplate': '/elsewhere' })
  await stage.call('POST', '/v1/image', { name: 'theirs', baseImageName: 'others' })
  const { body } = await stage.reach('/v1/image/theirs', 'READY')
  t.is(stage.begun.length, 0)
  t.is((await stage.docker.findImage(body.dockerUrl))?.labels['io.dispatchframework.imageTemplate'], '/elsewhere')
  t.like(await stage.store.collection('Image').get('dispatch', 'theirs'), { contract: 'http', runtimeLanguage: 'ruby' })
})

test('a Dockerfile that fails says at which step', async t => {
  const stage = await beginBuilds(t)
  await addForeignBase(stage, 'FROM $BASE_IMAGE\nRUN tdnf install x && exit 5\n')
  await stage.call('POST', '/v1/image', { name: 'theirs', baseImageName: 'others' })
  const { reason } = (await stage.reach('/v1/image/theirs', 'ERROR')).body
  t.regex(
    reason[0],
    /^failed to build image 'dispatch\/.*': The command '.*' returned a non-zero code: 5; it is tried again at .*\nStep 2\/2 : RUN tdnf/,
  )
})

test('a Docker image that is no base image at all says what it lacks', async t => {
  const stage = await beginBuilds(t)
  stage.docker.addImage('others/base:1')
  await stage.call('POST', '/v1/baseimage', { name: 'others', dockerUrl: 'others/base:1', language: 'ruby' })
  await stage.call('POST', '/v1/image', { name: 'theirs', baseImageName: 'others' })
  const { reason } = (await stage.reach('/v1/image/theirs', 'ERROR')).body
  t.regex(
    reason[0],
    /others\/base:1 has no folder \/image-template: it is neither a runtime of Dispatch Solo nor a base image/,
  )
})
