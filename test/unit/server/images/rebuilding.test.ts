/** What becomes of builds when their image, its base or the server changes on the way. */
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { beginBuilds, buildsOf, isClean } from '../../../helpers/build-stage.ts'
import { createFakeDocker } from '../../../helpers/fake-docker.ts'
import { addRuntime, createBuildOptions } from '../../../helpers/test-app.ts'
import { until } from '../../../helpers/wait.ts'

test('an image that is edited while it is built is built as it is then', async t => {
  const stage = await beginBuilds(t)
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
  const stage = await beginBuilds(t)
  await stage.post('web', 'flask')
  await stage.builder(1)
  t.is((await stage.call('DELETE', '/v1/image/web')).status, 200)
  await isClean(stage)
  t.is((await stage.docker.listImages({ 'io.dispatchframework.solo.build-instance': '12345678-test' })).length, 0)
})

test('an image whose packages were changed back needs no build', async t => {
  const stage = await beginBuilds(t)
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
  const stage = await beginBuilds(t)
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
  await beginBuilds(t, { directory }, docker)
  t.deepEqual(await docker.listContainers(mine), [])
  t.false(existsSync(directory))
  t.is((await docker.listContainers(others)).length, 1)
})

test('a build that begins leaves the files of others alone', async t => {
  const stage = await beginBuilds(t)
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
  const stage = await beginBuilds(t)
  await stage.post('web', 'flask')
  await stage.builder(1)
  await stage.app.endBuilds()
  t.is((await buildsOf(stage)).length, 0)
  await isClean(stage)
})

test('an image is built after its base image has recovered', async t => {
  const stage = await beginBuilds(t)
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
