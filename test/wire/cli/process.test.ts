/** The program as a process: streams that close early, long output, signals, exit codes. */
import { spawn } from 'node:child_process'
import { openSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import test from 'ava'
import { createStage, type Stage } from './stage.ts'

const main = fileURLToPath(new URL('../../../cli/main.ts', import.meta.url))

function start(stage: Stage, words: readonly string[]) {
  const env = {
    HOME: stage.homeDir,
    DISPATCH_HOST: '127.0.0.1',
    DISPATCH_SCHEME: 'http',
    DISPATCH_PORT: String(stage.port),
  }
  const child = spawn(process.execPath, [main, ...words], { env, cwd: stage.cwd })
  const ended = new Promise<number | null>(resolve => {
    child.on('close', resolve)
  })
  return { child, ended }
}

const runs = Array.from({ length: 20_000 }, (_, index) => ({
  name: `run-${index}`,
  status: 'READY',
  executedTime: index,
}))

test('long output through a pipe arrives whole', async t => {
  const stage = await createStage(t, () => ({ status: 200, body: runs }))
  const { child, ended } = start(stage, ['get', 'runs', '-o', 'json'])
  t.is(JSON.parse(await text(child.stdout)).length, runs.length)
  t.is(await ended, 0)
})

test('a reader that goes away ends the run quietly', async t => {
  const stage = await createStage(t, () => ({ status: 200, body: runs }))
  const { child, ended } = start(stage, ['get', 'runs', '-o', 'json'])
  const complaints = text(child.stderr)
  child.stdout.once('data', () => child.stdout.destroy())
  t.is(await ended, 0)
  t.is(await complaints, '')
})

test('output that cannot be written is one line on stderr, and exit code 1', async t => {
  const { cwd, homeDir } = await createStage(t)
  const stdio = ['ignore', openSync('/dev/full', 'w'), 'pipe'] as const
  const child = spawn(process.execPath, [main, 'help'], { env: { HOME: homeDir }, cwd, stdio: [...stdio] })
  const ended = new Promise(resolve => {
    child.on('close', resolve)
  })
  t.is(child.stderr && (await text(child.stderr)), 'write standard output: no space left on device\n')
  t.is(await ended, 1)
})

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  test(`--follow ends with exit code 1 at ${signal}`, async t => {
    const stage = await createStage(t, () => ({ status: 200, body: [] }))
    const { child, ended } = start(stage, ['get', 'runs', '--follow'])
    child.stdout.once('data', () => child.kill(signal))
    t.is(await ended, 1)
  })

test('an error is on stderr, with exit code 1', async t => {
  const stage = await createStage(t, () => ({ status: 404, body: { code: 404, message: 'image x not found' } }))
  const { child, ended } = start(stage, ['get', 'image', 'x'])
  t.is(await text(child.stderr), '[Code: 404] image x not found\n')
  t.is(await ended, 1)
})

test('the input of a run is read from standard input until its end, or an interruption', async t => {
  const stage = await createStage(t, () => ({ status: 200, body: { name: 'r', status: 'READY' } }))
  const whole = start(stage, ['exec', 'f', '--input', '-'])
  whole.child.stdin.write('{"n":')
  whole.child.stdin.end('1}')
  t.is(await whole.ended, 0)
  t.regex(stage.asked[0]?.body ?? '', /^{"input":{"n":1}/)
  const cut = start(stage, ['exec', 'f', '--input', '-'])
  const complaints = text(cut.child.stderr)
  cut.child.stdin.write('{"n":'.padEnd(4_000_000), () => cut.child.kill('SIGINT'))
  t.is(await cut.ended, 1)
  t.is(await complaints, 'interrupted\n')
  t.is(stage.asked.length, 1)
})
