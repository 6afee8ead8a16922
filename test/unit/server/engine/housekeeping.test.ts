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
