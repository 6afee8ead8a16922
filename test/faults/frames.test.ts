/** A hostile runtime sends what is no frame, or no message, or too much: its container is thrown away, the server is unharmed. */
import { connect } from 'node:net'
import test from 'ava'
import type { RuntimeImage } from '../../server/core/execution.ts'
import { encodeFrame } from '../../server/engine/frames.ts'
import type { Run } from '../helpers/fake-containers.ts'
import { createFakeDocker } from '../helpers/fake-docker.ts'
import { createTestEngine } from '../helpers/test-engine.ts'
import { until } from '../helpers/wait.ts'
import { brokenFrames } from './broken-frames.ts'
import { renderCounts } from './load.ts'
import { createRandom } from './random.ts'

const rounds = 10_000
const randomSeed = 20_260_804
const atOnce = 20

const image: RuntimeImage = { dockerImage: 'hostile:1', language: 'python3', contract: 'worker' }

test(`${rounds} x a runtime that breaks the protocol`, async t => {
  t.timeout(10 * 60_000, 'many containers on a machine that may be busy')
  const random = createRandom(randomSeed)
  const kinds = Object.keys(brokenFrames)
  const sent: Record<string, number> = {}
  let closed = 0
  const attack: Run = spec => {
    const kind = kinds[random.below(kinds.length)] ?? ''
    sent[kind] = (sent[kind] ?? 0) + 1
    const socket = connect(`${spec.mounts[0]?.hostPath}/engine.sock`)
    socket.on('error', () => undefined)
    // Nothing ends by itself: who throws the container away is the server.
    socket.on('close', () => {
      closed += 1
    })
    if (random.below(2) === 0) socket.write(encodeFrame({ type: 'hello', protocol: 1, language: 'python3' }))
    const bytes = brokenFrames[kind]?.(random) ?? Buffer.alloc(0)
    const cut = random.below(bytes.length)
    socket.write(bytes.subarray(0, cut))
    setImmediate(() => socket.write(bytes.subarray(cut)))
    return () => socket.destroy()
  }
  const docker = createFakeDocker(attack)
  docker.addImage(image.dockerImage, {
    'io.dispatchframework.solo.language': 'python3',
    'io.dispatchframework.solo.protocol': '1',
  })
  const { engine, revision } = createTestEngine(t, { docker, limits: { poolSize: 0, startsAtOnce: atOnce } })
  let refused = 0
  const work = async () => {
    while (docker.specs.size < rounds) {
      await t.throwsAsync(engine.load(revision(image, {})))
      refused += 1
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  await until('every container is thrown away', async () => (await docker.listContainers({})).length === 0)
  const total = Object.values(sent).reduce((sum, count) => sum + count, 0)
  t.true(total >= rounds)
  t.is(closed, total, 'every connection was closed by the server')
  t.log(`seed ${randomSeed}: ${total} attacks, ${refused} functions told so; ${renderCounts(sent)}`)
})
