/** Base images are pulled with the credentials that they name, and within limits. */
import test from 'ava'
import { createFakeDocker } from '../../../helpers/fake-docker.ts'
import { createBuildOptions, createTestApp } from '../../../helpers/test-app.ts'
import { until } from '../../../helpers/wait.ts'

const reference = 'registry.example/team/base:1'
const body = (fields: object = {}) => ({ name: 'base', dockerUrl: reference, language: 'l', ...fields })
const secret = (secrets: object) => ({ name: 'registry', secrets })

async function createGuardedApp(...args: Parameters<typeof createTestApp>) {
  const app = await createTestApp(...args)
  app.docker.registry.add(reference)
  app.docker.guarded.set(reference, { username: 'jon', password: 'open-sesame' })
  const reasonOf = async () => (await app.call('GET', '/v1/baseimage/base')).body.reason?.[0]
  return { ...app, reasonOf }
}

test('without credentials a guarded image is refused; with those of a secret it is pulled', async t => {
  const app = await createGuardedApp(t)
  await app.call('POST', '/v1/baseimage', body())
  await app.reach('/v1/baseimage/base', 'ERROR')
  t.regex(await app.reasonOf(), /^error when pulling image registry\.example\/team\/base:1: .*authentication required/)
  await app.call('POST', '/v1/secret', secret({ username: 'jon', password: 'open-sesame' }))
  t.is((await app.call('PUT', '/v1/baseimage/base', body({ pullSecret: 'registry' }))).body.pullSecret, 'registry')
  await app.reach('/v1/baseimage/base', 'READY')
  t.is((await app.call('GET', '/v1/baseimage/base')).body.pullSecret, 'registry')
})

test('what is wrong with the secret is said, and the base image is pulled once that is put right', async t => {
  const app = await createGuardedApp(t)
  await app.call('POST', '/v1/baseimage', body({ pullSecret: 'registry' }))
  await app.reach('/v1/baseimage/base', 'ERROR')
  t.is(
    await app.reasonOf(),
    `error when pulling image ${reference}: the secret registry of its registry is not there: create it, with the keys username and password`,
  )
  await app.call('POST', '/v1/secret', secret({ username: 'jon', pass: 'open-sesame' }))
  await until('the keys are missed', async () => /not both of the keys/.test(await app.reasonOf()))
  await app.call('PUT', '/v1/secret/registry', secret({ username: 'jon', password: 'open-sesame' }))
  await app.reach('/v1/baseimage/base', 'READY')
})

test('credentials go nowhere else: a base image that is replaced has the secret that it names then, or none', async t => {
  const app = await createGuardedApp(t)
  await app.call('POST', '/v1/secret', secret({ username: 'jon', password: 'open-sesame' }))
  await app.call('POST', '/v1/baseimage', body({ pullSecret: 'registry' }))
  await app.reach('/v1/baseimage/base', 'READY')
  const elsewhere = 'elsewhere.example/base:1'
  app.docker.registry.add(elsewhere)
  const given: unknown[] = []
  const { pullImage } = app.docker
  app.docker.pullImage = (reference, pull) => {
    given.push([reference, pull.credentials])
    return pullImage(reference, pull)
  }
  const put = await app.call('PUT', '/v1/baseimage/base', body({ dockerUrl: elsewhere }))
  t.false('pullSecret' in put.body)
  await app.reach('/v1/baseimage/base', 'READY')
  t.deepEqual(given, [[elsewhere, undefined]])
})

test('no credentials are in the reason of a refusal', async t => {
  const app = await createGuardedApp(t)
  await app.call('POST', '/v1/secret', secret({ username: 'jon', password: 'wrong-word' }))
  await app.call('POST', '/v1/baseimage', body({ pullSecret: 'registry' }))
  await app.reach('/v1/baseimage/base', 'ERROR')
  t.notRegex(await app.reasonOf(), /wrong-word|jon/)
})

test('nothing is pulled when the images on this machine need more than they may', async t => {
  const app = await createGuardedApp(t, {}, { pullLimits: { timeoutMs: 1000, maxBytes: 1, diskBytes: 1024 } })
  app.docker.guarded.clear()
  await app.call('POST', '/v1/baseimage', body())
  await app.reach('/v1/baseimage/base', 'ERROR')
  t.regex(await app.reasonOf(), /need 1 MiB, and 1 are allowed \(image-disk\): remove what is not used/)
  t.is(await app.docker.findImage(reference), undefined)
})

test('an image that is on this machine needs neither registry nor secret', async t => {
  const app = await createGuardedApp(t)
  app.docker.addImage(reference)
  await app.call('POST', '/v1/baseimage', body({ pullSecret: 'absent' }))
  await app.reach('/v1/baseimage/base', 'READY')
  t.falsy(await app.reasonOf())
})

test('what cannot be pulled is tried again after pauses, though each failure reads otherwise', async t => {
  const pauses: number[] = []
  const docker = createFakeDocker()
  let pulls = 0
  docker.pullImage = async () => {
    pulls += 1
    throw new Error(`request ${pulls} was refused`)
  }
  const retryMsAfter = (failures: number): number => {
    pauses.push(failures)
    return failures < 3 ? 1 : 3_600_000
  }
  const builds = { ...createBuildOptions(), retryMsAfter }
  const app = await createTestApp(t, {}, { fakeDocker: docker, builds })
  const reasonOf = async () => (await app.call('GET', '/v1/baseimage/base')).body.reason?.[0]
  await app.call('POST', '/v1/baseimage', body())
  await until('the third failure is told', async () => /request 3 /.test(await reasonOf()))
  // Its own failure has woken it.
  await app.call('POST', '/v1/baseimage', { ...body({ dockerUrl: 'other/base:1' }), name: 'other' })
  await until('the other one has failed three times', async () => pauses.length === 6)
  t.deepEqual([pulls, pauses.filter(failures => failures === 3).length], [6, 2])
  t.regex(await reasonOf(), /request 3 /)
  await app.call('PUT', '/v1/baseimage/base', body())
  await until('what was asked for anew is pulled at once', async () => /request 7 /.test(await reasonOf()))
  t.is(pauses.at(-1), 4)
})
