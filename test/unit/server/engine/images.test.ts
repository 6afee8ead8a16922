/** Images that are declared have containers ready, whatever came before; what a former life left behind is removed. */
import test from 'ava'
import type { Docker } from '../../../../server/docker/port.ts'
import { createHostDocker, hostImages } from '../../../helpers/host-runtimes.ts'
import { createTestEngine, type TestEngine } from '../../../helpers/test-engine.ts'
import { until } from '../../../helpers/wait.ts'

const image = hostImages.python3
const instanceLabel = 'io.dispatchframework.solo.instance'
const code = { 'f.py': 'def handle(context, payload):\n    return payload\n' }

const containersOf = ({ docker, instanceId }: TestEngine) => docker.listContainers({ [instanceLabel]: instanceId })
const untilContainers = (engine: TestEngine, count: number) =>
  until(`${count} containers`, async () => (await containersOf(engine)).length === count, 20_000)

const strange = (docker: Docker, instance: string, name: string) =>
  docker.createContainer({
    name,
    dockerImage: image.dockerImage,
    command: [],
    env: {},
    labels: { [instanceLabel]: instance },
    mounts: [],
    memoryBytes: 1,
    cpus: 1,
    maxProcesses: 1,
    network: 'none',
  })

test('a declared image has containers ready, one that is given up has none', async t => {
  const engine = createTestEngine(t, { docker: createHostDocker(), limits: { poolSize: 3 } })
  engine.engine.setImages([image])
  await untilContainers(engine, 3)
  engine.engine.setImages([])
  await untilContainers(engine, 0)
  t.deepEqual(engine.warnings, [])
})

test('strangers of the same instance are removed at the start, those of others are not', async t => {
  const docker = createHostDocker()
  await strange(docker, 'mine', 'left')
  await strange(docker, 'other', 'foreign')
  const engine = createTestEngine(t, { docker, instanceId: 'mine' })
  engine.engine.setImages([image])
  await until('the stranger is gone', async () => {
    const names = (await containersOf(engine)).map(({ name }) => name)
    return names.length > 0 && !names.includes('left')
  })
  t.is((await docker.listContainers({ [instanceLabel]: 'other' })).length, 1)
})

test('strangers are removed although no container is ever started, at the latest at the end', async t => {
  const docker = createHostDocker()
  await strange(docker, 'mine', 'left')
  const engine = createTestEngine(t, { docker, instanceId: 'mine' })
  await untilContainers(engine, 0)
  await strange(docker, 'later', 'left too')
  docker.down = true
  const down = createTestEngine(t, { docker, instanceId: 'later' })
  await until('the failure is told', async () => down.warnings.length > 0)
  docker.down = false
  await down.engine.close(1000)
  t.deepEqual(await containersOf(down), [])
})

test('an image that was used before it was declared has its containers ready too', async t => {
  const engine = createTestEngine(t, { docker: createHostDocker(), limits: { poolSize: 2 } })
  await engine.engine.load(engine.revision(image, code))
  engine.engine.setImages([image])
  await untilContainers(engine, 3)
  t.pass()
})

test('a call that waits for its container is answered although its image is given up meanwhile', async t => {
  const engine = createTestEngine(t, { docker: createHostDocker(), limits: { poolSize: 2 } })
  engine.engine.setImages([image])
  const calls = [1, 2, 3].map(n => engine.call(engine.revision(image, code), { n }))
  engine.engine.setImages([])
  t.true((await Promise.all(calls)).every(({ ok }) => ok))
  await untilContainers(engine, 3)
})

test('images are told apart by the id of their content', async t => {
  const docker = createHostDocker()
  const { id = '' } = (await docker.findImage(image.dockerImage)) ?? {}
  const engine = createTestEngine(t, { docker, limits: { poolSize: 1 } })
  const pinned = { ...image, dockerImage: id }
  engine.engine.setImages([pinned])
  t.like(await engine.call(engine.revision(pinned, code), { n: 1 }), { ok: true, outputJson: '{"n":1}' })
  await untilContainers(engine, 2)
  t.deepEqual([...new Set([...docker.specs.values()].map(({ dockerImage }) => dockerImage))], [id])
})

test('an image that is not on this machine is named', async t => {
  const engine = createTestEngine(t, { docker: createHostDocker() })
  const revision = engine.revision({ ...image, dockerImage: 'absent:1' }, code)
  await t.throwsAsync(engine.engine.load(revision), { message: /Docker image absent:1 is not on this machine/ })
})
