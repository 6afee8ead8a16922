/** The launcher does for any command what the server asks of a control process. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { createFrameReader, encodeFrame, type Frame } from '../../../../../server/engine/frames.ts'

const launcher = resolve('server/runtimes/launcher/main.ts')
const worker = resolve('test/fixtures/runtimes/launched.mjs')

interface Stage {
  program: ChildProcess
  send(header: object): void
  /** The next frame from the launcher. */
  next(): Promise<Frame>
}

async function createStage(t: ExecutionContext, command: string[]): Promise<Stage> {
  const directory = await mkdtemp(join(tmpdir(), 'dispatch-launcher-'))
  const frames: Frame[] = []
  let wake = Promise.withResolvers<void>()
  let connection: Socket | undefined
  const server = createServer(socket => {
    connection = socket
    socket.on('error', () => socket.destroy())
    socket.on(
      'data',
      createFrameReader({ firstBytes: 2 ** 20, maxBytes: 2 ** 20 }, frame => {
        frames.push(frame)
        wake.resolve()
      }),
    )
  }).listen(join(directory, 'engine.sock'))
  const program = spawn(
    process.execPath,
    [launcher, '--language=cobol', '--out-of-memory=^heap is full', '--', ...command],
    {
      env: { ...process.env, DISPATCH_ENGINE: join(directory, 'engine.sock'), DISPATCH_FUNCTION: directory },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  )
  t.teardown(async () => {
    program.kill('SIGKILL')
    server.close()
    await rm(directory, { recursive: true })
  })
  const next = async (): Promise<Frame> => {
    const frame = frames.shift()
    if (frame) return frame
    wake = Promise.withResolvers()
    await wake.promise
    return next()
  }
  return { program, next, send: header => void connection?.write(encodeFrame(header)) }
}

const command = [process.execPath, worker, '{heapMebibytes}']
const load = (handler: string) => ({ type: 'load', worker: 1, handler, concurrency: 1, logBytes: 100 })

test('it reports once its worker waits for a handler', async t => {
  const { next } = await createStage(t, command)
  t.like((await next()).header, { type: 'hello', protocol: 1, language: 'cobol' })
})

for (const [what, dying] of Object.entries({
  'a worker that ends by itself': [...command, 'die'],
  'a command that is not there': ['/absent/program'],
})) {
  test(`it ends when it cannot keep a worker: ${what}`, async t => {
    const { program } = await createStage(t, dying)
    t.deepEqual(await once(program, 'exit'), [1, null])
  })
}

test('the worker finds its directory, and the memory that it may use in its command', async t => {
  const { next, send } = await createStage(t, command)
  await next()
  send(load('print'))
  const { header, parts } = await next()
  t.like(header, { type: 'exited', worker: 1, code: 3, signal: null, outOfMemory: false })
  t.regex(String(parts[0]), /^[1-9]\d* true$/)
})

test('why a handler cannot be loaded comes before the end of its process, of later workers too', async t => {
  const { next, send } = await createStage(t, command)
  await next()
  send(load('fail'))
  t.like((await next()).header, { type: 'load-failed', message: 'no worker 1' })
  t.like((await next()).header, { type: 'exited', worker: 1, code: 1 })
  send({ type: 'start', worker: 2 })
  t.like((await next()).header, { type: 'load-failed', message: 'no worker 2' })
  t.like((await next()).header, { type: 'exited', worker: 2, code: 1 })
})

test('a runtime that says so as it ends badly ran out of memory', async t => {
  const cases = { memory: true, 'memory, and well': false, 'memory, by hearsay': false }
  for (const [handler, outOfMemory] of Object.entries(cases)) {
    const { next, send } = await createStage(t, command)
    await next()
    send(load(handler))
    t.like((await next()).header, { type: 'exited', outOfMemory })
  }
})

test('a worker is killed when the server says so', async t => {
  const { next, send } = await createStage(t, command)
  await next()
  send(load('wait'))
  send({ type: 'kill', worker: 1 })
  t.like((await next()).header, { type: 'exited', worker: 1, code: null, signal: 'SIGKILL' })
})
