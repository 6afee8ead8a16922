/** A hostile runtime sends what is no frame, or no message, or too much: its container is thrown away, the server is unharmed. */
import { connect } from 'node:net'
import test from 'ava'
import type { RuntimeImage } from '../../server/core/execution.ts'
import { encodeFrame } from '../../server/engine/frames.ts'
import type { Run } from '../helpers/fake-containers.ts'
import { createFakeDocker } from '../helpers/fake-docker.ts'
import { createTestEngine } from '../helpers/test-engine.ts'
import { until } from '../helpers/wait.ts'
import { renderCounts } from './load.ts'
import { createRandom, type Random } from './random.ts'

const rounds = 10_000
const randomSeed = 20_260_804
const atOnce = 20

const noise = (random: Random, length: number): Buffer => Buffer.from(Array.from({ length }, () => random.below(256)))
const withLength = (bytes: number, rest: Buffer): Buffer => {
  const head = Buffer.alloc(4)
  head.writeUInt32BE(bytes)
  return Buffer.concat([head, rest])
}
/** A frame whose lengths are right and whose header is any text. */
const framed = (header: string): Buffer => withLength(4 + header.length, withLength(header.length, Buffer.from(header)))

/** Each breaks the protocol wherever it is sent, as the first bytes of a connection or after a hello. */
const attacks: Record<string, (random: Random) => Buffer> = {
  'bytes at random': random => withLength(2 ** 31 + random.below(2 ** 31), noise(random, random.below(64))),
  'oversized frame announced': random => withLength(64 * 2 ** 20 + random.below(2 ** 30), noise(random, 32)),
  'frame without room for a header': random => withLength(random.below(4), noise(random, 8)),
  'header beyond its frame': random => withLength(20, withLength(17 + random.below(2 ** 20), noise(random, 16))),
  'header that is no JSON': random => framed(`{${random.below(2 ** 30)}`),
  'header that is no object': random => framed(random.pick(['[]', 'null', '7', '"hello"', 'true'])),
  'no parts': random => framed(`{"type":"${random.pick(['result', 'ready', 'printed', 'exited'])}"}`),
  'parts that do not add up': random => framed(`{"type":"result","id":1,"parts":[${1 + random.below(2 ** 30)}]}`),
  'negative or broken parts': random =>
    framed(`{"type":"result","parts":[${random.pick(['-1', '1.5', '1e400', '{}'])}]}`),
  'unknown type': random => encodeFrame({ type: `t${random.below(2 ** 30)}` }),
  'type from the prototype': random => framed(`{"type":"${random.pick(['__proto__', 'constructor'])}","parts":[]}`),
  'fields of the wrong kind': random =>
    framed(`{"type":"ready","worker":${random.pick(['"1"', 'null', '{}', '1.5'])},"parts":[]}`),
  'a worker that nobody asked for': random => encodeFrame({ type: 'ready', worker: 1 + random.below(2 ** 30) }),
  'a message to a runtime': random => encodeFrame({ type: random.pick(['load', 'start', 'kill', 'call']), worker: 1 }),
  'a piece of no call': random =>
    encodeFrame({ type: 'piece', id: random.below(9), kind: random.pick(['text', 'json', 'bytes', 'no']) }, ['1']),
  'a valid frame cut by another': random => withLength(200, Buffer.concat([framed('{}'), noise(random, 200)])),
  'a header nested without end': random => framed(`{"type":${'['.repeat(1000 + random.below(100_000))}`),
}

const image: RuntimeImage = { dockerImage: 'hostile:1', language: 'python3', contract: 'worker' }

test(`${rounds} x a runtime that breaks the protocol`, async t => {
  t.timeout(10 * 60_000, 'many containers on a machine that may be busy')
  const random = createRandom(randomSeed)
  const kinds = Object.keys(attacks)
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
    const bytes = attacks[kind]?.(random) ?? Buffer.alloc(0)
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
