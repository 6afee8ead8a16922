/** A container whose processes break the protocol is thrown away; the server and its other functions are unharmed. */
import { connect } from 'node:net'
import test from 'ava'
import type { Piece } from '../../../../server/core/execution.ts'
import { encodeFrame, type Frame } from '../../../../server/engine/frames.ts'
import { createFakeDocker } from '../../../helpers/fake-docker.ts'
import { becomeReady, createPlayedDocker, playedImage as image, type Line } from '../../../helpers/played-runtime.ts'
import { createTestEngine } from '../../../helpers/test-engine.ts'
import { until } from '../../../helpers/wait.ts'

const answers: Record<string, (frame: Frame, line: Line) => void> = {
  'bytes that are no frames': (_, line) => line.write(Buffer.alloc(64, 0xff)),
  'a frame without end': (_, line) => line.write(Buffer.from([0x7f, 0xff, 0xff, 0xff])),
  'an answer to a call that nobody made': (_, line) => line.send({ type: 'result', id: 99, ok: true }, ['1']),
  'a message that only the control process may send': (_, line) => line.send({ type: 'load-failed', message: 'x' }),
  'a second hello': (_, line) => line.dial().send({ type: 'hello', protocol: 1, language: 'python3' }),
  'a worker that was not asked for': (_, line) => line.dial().send({ type: 'ready', worker: 7777 }),
  'lines that only the control process may tell': (_, line) =>
    line.send({ type: 'printed', worker: 1, watch: 1 }, ['', '']),
  'a piece that nobody asked for': ({ header }, line) =>
    line.send({ type: 'piece', id: header.id, kind: 'text' }, ['x']),
  'a connection that begins with a result': (_, line) => line.dial().send({ type: 'result', id: 1, ok: true }, ['1']),
}

for (const [what, answer] of Object.entries(answers)) {
  test(`${what}: the container is thrown away, the call is ours`, async t => {
    const docker = createPlayedDocker({ control: becomeReady, worker: answer })
    const { engine, call, revision } = createTestEngine(t, { docker, limits: { poolSize: 0 } })
    const played = revision(image, {})
    await engine.load(played)
    const [before] = [...docker.specs.keys()]
    const outcome = await call(played)
    t.like(outcome, { ok: false, error: { type: 'SystemError' } })
    await engine.close(1000)
    t.false((await docker.listContainers({})).some(({ id }) => id === before))
  })
}

const unfit: Record<string, (id: unknown, line: Line) => void> = {
  'a second one before the first is taken': (id, line) => {
    line.send({ type: 'piece', id, kind: 'text' }, ['x'])
    line.send({ type: 'piece', id, kind: 'text' }, ['x'])
  },
  'one of another call': (id, line) => line.send({ type: 'piece', id: Number(id) + 1, kind: 'text' }, ['x']),
  'one that is too large': (id, line) => line.send({ type: 'piece', id, kind: 'bytes' }, ['x'.repeat(1001)]),
  'one of no known kind': (id, line) => line.send({ type: 'piece', id, kind: 'image' }, ['x']),
  'one that says it is JSON, and is not': (id, line) => line.send({ type: 'piece', id, kind: 'json' }, ['{"a":']),
}

for (const [what, send] of Object.entries(unfit)) {
  test(`pieces that may not be: ${what}: the container is thrown away, the call is ours`, async t => {
    const docker = createPlayedDocker({ control: becomeReady, worker: ({ header }, line) => send(header.id, line) })
    const { stream, revision } = createTestEngine(t, { docker, limits: { pieceBytes: 1000 } })
    const never = Promise.withResolvers<boolean>().promise
    const outcome = await stream(revision(image, {}), null, { onPiece: () => never })
    t.like(outcome, { ok: false, error: { type: 'SystemError' } })
  })
}

test('pieces of a call that is late already reach nobody, and its neighbours go on', async t => {
  const taken: string[] = []
  const ids: unknown[] = []
  const docker = createPlayedDocker({
    control: ({ header }, line) => {
      if (header.type === 'load') line.dial().send({ type: 'ready', worker: header.worker, calls: 8 })
    },
    worker: ({ header: { type, id } }, line) => {
      if (type === 'call') ids.push(id)
      if (ids.length < 2) return
      if (type === 'call') line.send({ type: 'piece', id: ids[0], kind: 'text' }, ['in time'])
      if (type !== 'cancel') return
      line.send({ type: 'piece', id, kind: 'text' }, ['late'])
      for (const each of ids) line.send({ type: 'result', id: each, ok: true }, ['1', '', ''])
    },
  })
  const { stream, call, engine, revision } = createTestEngine(t, { docker })
  const played = revision(image, {})
  await engine.load(played)
  const onPiece = async (piece: Piece) => taken.push(piece.type === 'text' ? piece.text : '') > 0
  const [late, neighbour] = await Promise.all([stream(played, null, { onPiece, timeoutMs: 2000 }), call(played)])
  t.is(late.ok ? '' : late.error.message, 'Function execution exceeded the timeout')
  t.like(neighbour, { ok: true })
  t.deepEqual(taken, ['in time'])
})

test('a result that is no JSON does not get into an answer', async t => {
  const docker = createPlayedDocker({
    control: becomeReady,
    worker: ({ header }, line) => line.send({ type: 'result', id: header.id, ok: true }, ['{"a":', '', '']),
  })
  const { call, revision } = createTestEngine(t, { docker })
  const outcome = await call(revision(image, {}))
  t.like(outcome, { ok: false, error: { type: 'SystemError' } })
  t.regex(outcome.ok ? '' : outcome.error.message, /no JSON/)
})

test('a worker that hangs up without a word costs its container, after the grace', async t => {
  const docker = createPlayedDocker({ control: becomeReady, worker: (_, line) => line.hangUp() })
  const { call, revision } = createTestEngine(t, { docker, limits: { graceMs: 50 } })
  const outcome = await call(revision(image, {}))
  t.regex(outcome.ok ? '' : outcome.error.message, /went away during the call: worker 1 hung up, and nobody said why/)
})

test('a worker that cannot be killed costs its container, and the call has timed out', async t => {
  const docker = createPlayedDocker({
    control: (frame, line) => frame.header.type === 'load' && becomeReady(frame, line),
  })
  const { call, revision, engine } = createTestEngine(t, { docker, limits: { graceMs: 50 } })
  const played = revision(image, {})
  await engine.load(played)
  const outcome = await call(played, null, 50)
  t.is(outcome.ok ? '' : outcome.error.message, 'Function execution exceeded the timeout')
})

test('a result that comes too late does not hand the worker that is being killed to the next call', async t => {
  const lines = new Map<unknown, Line>()
  const docker = createPlayedDocker({
    control: ({ header }, line) => {
      becomeReady({ header, parts: [] }, line)
      if (header.type !== 'kill') return
      const worker = lines.get(header.worker)
      worker?.send({ type: 'result', id: 1, ok: true }, ['"late"', '', ''])
      worker?.hangUp()
      line.send({ type: 'exited', worker: header.worker, code: null, signal: 'SIGKILL', outOfMemory: false }, ['', ''])
    },
    worker: ({ header, parts: [, payload] }, line) => {
      lines.set(1, lines.get(1) ?? line)
      if (payload?.toString() !== '"slow"') line.send({ type: 'result', id: header.id, ok: true }, ['"quick"', '', ''])
    },
  })
  const { call, revision, engine } = createTestEngine(t, { docker, limits: { concurrency: 1 } })
  const played = revision(image, {})
  await engine.load(played)
  const [late, next] = await Promise.all([call(played, 'slow', 50), call(played, 'quick')])
  t.is(late.ok ? '' : late.error.message, 'Function execution exceeded the timeout')
  t.like(next, { ok: true, outputJson: '"quick"' })
})

test('a runtime of another protocol is refused', async t => {
  const docker = createFakeDocker(spec => {
    const socket = connect(`${spec.mounts[0]?.hostPath}/engine.sock`)
    socket.on('error', () => undefined)
    socket.write(encodeFrame({ type: 'hello', protocol: 2, language: 'python3' }))
    return () => socket.destroy()
  })
  docker.addImage(image.dockerImage, {
    'io.dispatchframework.solo.language': 'python3',
    'io.dispatchframework.solo.protocol': '1',
  })
  const { engine, revision } = createTestEngine(t, { docker })
  await t.throwsAsync(engine.load(revision(image, {})), { message: /the runtime speaks protocol 2, not 1/ })
})

test('lines of a watch that nobody began, and more lines than may be, reach nobody; the call is unharmed', async t => {
  const told: string[] = []
  const held: (() => void)[] = []
  const docker = createPlayedDocker({
    control: ({ header }, line) => {
      if (header.type !== 'watch') return becomeReady({ header, parts: [] }, line)
      const { worker, watch } = header
      line.send({ type: 'printed', worker: 7777, watch }, ['strange\n', ''])
      line.send({ type: 'printed', worker, watch: Number(watch) + 1 }, ['strange\n', ''])
      line.send({ type: 'printed', worker, watch }, ['right\n', 'x'.repeat(100_000), 'and more'])
      for (let n = 0; n < 100; n += 1) line.send({ type: 'printed', worker, watch }, ['123456789\n'])
    },
    worker: ({ header }, line) => held.push(() => line.send({ type: 'result', id: header.id, ok: true }, ['1'])),
  })
  const { engine, callAs, revision } = createTestEngine(t, { docker, limits: { logBytes: 106 } })
  engine.follow('run', (_, lines) => told.push(...lines))
  const outcome = callAs('run', revision(image, {}))
  await until('all is told', async () => told.length >= 11)
  for (const answer of held) answer()
  t.like(await outcome, { ok: true, outputJson: '1' })
  t.deepEqual(told, ['right', ...Array.from({ length: 10 }, () => '123456789')])
})
