/** A container that goes away just when a function takes it is replaced, whatever was being done to it. */
import test from 'ava'
import { createHostDocker, hostImages } from '../../../helpers/host-runtimes.ts'
import { createTestEngine } from '../../../helpers/test-engine.ts'

const image = hostImages.python3
const code = { 'f.py': 'def handle(c, p):\n  return p\n' }

test('a container that is gone when its limits are set is replaced by another', async t => {
  const docker = createHostDocker()
  const { updateContainer } = docker
  let ended = 0
  docker.updateContainer = async (id, update) => {
    if (ended > 0) return updateContainer(id, update)
    ended += 1
    docker.endContainer(id)
    throw new Error('Docker could not set the limits of the container: it is marked for removal')
  }
  const engine = createTestEngine(t, { docker, limits: { poolSize: 0 } })
  const revision = { ...engine.revision(image, code), limits: { cpus: 0.5 } }
  t.like(await engine.call(revision, 1), { ok: true, outputJson: '1' })
  t.is(ended, 1)
})

test('so is one of which Docker says that there is none before its end is heard of', async t => {
  const docker = createHostDocker()
  const { updateContainer } = docker
  let refused = 0
  docker.updateContainer = async (id, update) => {
    if (refused > 0) return updateContainer(id, update)
    refused += 1
    throw new Error(`Docker could not set the limits of the container ${id}: No such container: ${id}`)
  }
  const engine = createTestEngine(t, { docker, limits: { poolSize: 0 } })
  const revision = { ...engine.revision(image, code), limits: { cpus: 0.5 } }
  t.like(await engine.call(revision, 1), { ok: true, outputJson: '1' })
})
