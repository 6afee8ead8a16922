/** Containers that Docker has and the engine does not know are removed while it runs; those that it knows stay. */
import test from 'ava'
import { createHostDocker, hostImages } from '../../../helpers/host-runtimes.ts'
import { createTestEngine } from '../../../helpers/test-engine.ts'
import { until } from '../../../helpers/wait.ts'

test('a container that Docker made but did not tell of is removed, and no other', async t => {
  const docker = createHostDocker()
  const { createContainer, listContainers } = docker
  docker.createContainer = async spec => {
    await createContainer(spec)
    docker.createContainer = createContainer
    throw new Error('Docker could not create the container: socket hang up')
  }
  let looks = 0
  docker.listContainers = async labels => {
    looks += 1
    return await listContainers(labels)
  }
  const engine = createTestEngine(t, { docker, limits: { poolSize: 0, compareMs: 20 } })
  const revision = engine.revision(hostImages.python3, { 'f.py': 'def handle(c, p): return p' })
  const containers = () => listContainers({ 'io.dispatchframework.solo.instance': engine.instanceId })

  t.like(await engine.call(revision, 1), { ok: false, error: { type: 'SystemError' } })
  await until('nothing is left', async () => docker.specs.size === 1 && (await containers()).length === 0)
  t.like(await engine.call(revision, 1), { ok: true })
  const known = await containers()
  const before = looks
  await until('it was looked again', async () => looks > before + 3)
  t.is(known.length, 1)
  t.deepEqual(await containers(), known)
  t.like(await engine.call(revision, 1), { ok: true })
})

/** With containers of a former life of this server. */
async function createLeftovers(...names: string[]) {
  const docker = createHostDocker()
  const labels = { 'io.dispatchframework.solo.instance': 'mine' }
  const { dockerImage } = hostImages.python3
  const spec = { dockerImage, command: [], env: {}, mounts: [], memoryBytes: 1, cpus: 1, maxProcesses: 1 }
  const ids: string[] = []
  for (const name of names) ids.push(await docker.createContainer({ ...spec, name, labels, network: 'none' }))
  const left = async () =>
    (await docker.listContainers(labels)).map(({ name }) => name).filter(it => names.includes(it))
  return { docker, ids, left }
}

test('a leftover that Docker cannot remove keeps no function from starting, and goes once Docker can', async t => {
  const { docker, ids, left } = await createLeftovers('stuck', 'free')
  const { removeContainer } = docker
  let isBusy = true
  docker.removeContainer = async id => {
    if (isBusy && id === ids[0]) throw new Error('Docker could not remove the container: device or resource busy')
    await removeContainer(id)
  }
  const engine = createTestEngine(t, { docker, instanceId: 'mine', limits: { poolSize: 0 } })
  const revision = engine.revision(hostImages.python3, { 'f.py': 'def handle(c, p): return p' })
  t.like(await engine.call(revision, 1), { ok: true })
  await until('the other one is gone', async () => (await left()).length === 1)
  t.deepEqual(await left(), ['stuck'])
  isBusy = false
  await until('it is gone', async () => (await left()).length === 0)
})

test('nor does one whose removal Docker does not answer', async t => {
  const { docker, ids } = await createLeftovers('stuck')
  const answer = Promise.withResolvers<void>()
  const { removeContainer } = docker
  docker.removeContainer = async id => {
    if (id === ids[0]) await answer.promise
    await removeContainer(id)
  }
  const limits = { poolSize: 0, startTimeoutMs: 20_000 }
  const engine = createTestEngine(t, { docker, instanceId: 'mine', limits })
  t.teardown(() => answer.resolve())
  const revision = engine.revision(hostImages.python3, { 'f.py': 'def handle(c, p): return p' })
  t.like(await engine.call(revision, 1), { ok: true })
})
