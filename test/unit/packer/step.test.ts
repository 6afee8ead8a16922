import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { runSteps, type Step, type StepRunner } from '../../../packer/step.ts'

type Trial = { runner: StepRunner; lines: string[]; calls: string[]; stop: AbortController; write: Step; copy: Step }

const trial = async (t: ExecutionContext): Promise<Trial> => {
  const dir = await mkdtemp(join(tmpdir(), 'steps-'))
  t.teardown(() => rm(dir, { recursive: true, force: true }))
  const [lines, calls, stop]: [string[], string[], AbortController] = [[], [], new AbortController()]
  const write: Step = {
    name: 'write',
    inputs: () => ({ text: 'one' }),
    outputs: ['text.txt'],
    async run({ dir: folder }) {
      calls.push('write')
      await writeFile(join(folder, 'text.txt'), 'one')
      await writeFile(join(folder, 'scratch'), 'not an output')
    },
  }
  const copy: Step = {
    name: 'copy',
    inputs: done => ({ text: done.hash('write', 'text.txt') }),
    outputs: ['copy.txt'],
    async run({ dir: folder, shell, done }) {
      calls.push('copy')
      await shell.run(['cp', done.file('write', 'text.txt'), join(folder, 'copy.txt')])
    },
  }
  const folders = { cacheDir: join(dir, 'cache'), logDir: join(dir, 'logs') }
  const runner = { ...folders, signal: stop.signal, now: () => 0, print: (line: string) => lines.push(line) }
  return { runner, lines, calls, stop, write, copy }
}

test('a step that has run with the same inputs is not run again', async t => {
  const { runner, calls, lines, write, copy } = await trial(t)
  await runSteps([write, copy], runner)
  const done = await runSteps([write, copy], runner)
  t.deepEqual(calls, ['write', 'copy'])
  t.is(await readFile(done.file('copy', 'copy.txt'), 'utf8'), 'one')
  t.regex(lines.at(-1) ?? '', /\[ 2\/2\] copy .* s {2}cached$/)
})

test('the times of all steps stand in one column', async t => {
  const { runner, lines, write, copy } = await trial(t)
  await runSteps([write, { ...copy, name: 'a-step-with-a-long-name' }], runner)
  t.is(new Set(lines.map(line => line.length)).size, 1)
})

test('only outputs are kept', async t => {
  const { runner, write } = await trial(t)
  const done = await runSteps([write], runner)
  t.deepEqual((await readdir(join(done.file('write', 'text.txt'), '..'))).sort(), ['step.json', 'text.txt'])
})

test('other inputs run the step again, and equal outputs leave later steps cached', async t => {
  const { runner, calls, write, copy } = await trial(t)
  await runSteps([write, copy], runner)
  await runSteps([{ ...write, inputs: () => ({ text: 'other' }) }, copy], runner)
  t.deepEqual(calls, ['write', 'copy', 'write'])
})

test('a corrupted output is noticed, said and built again', async t => {
  const { runner, calls, lines, write } = await trial(t)
  const done = await runSteps([write], runner)
  await writeFile(done.file('write', 'text.txt'), 'onf')
  await runSteps([write], runner)
  t.deepEqual(calls, ['write', 'write'])
  t.true(lines.some(line => /write: cache entry is corrupted \(text\.txt is .*building it again/.test(line)))
  t.is(await readFile(done.file('write', 'text.txt'), 'utf8'), 'one')
})

test('a corrupted record is noticed too', async t => {
  const { runner, calls, write } = await trial(t)
  const done = await runSteps([write], runner)
  await writeFile(join(done.file('write', 'text.txt'), '..', 'step.json'), '{"inputs":')
  await runSteps([write], runner)
  t.deepEqual(calls, ['write', 'write'])
})

test('a failure leaves nothing in the cache and stops the rest', async t => {
  const { runner, calls, write, copy } = await trial(t)
  const failing: Step = {
    ...write,
    run: async bench => {
      await write.run(bench)
      throw new Error('no room')
    },
  }
  await t.throwsAsync(runSteps([failing, copy], runner), { message: 'no room' })
  t.deepEqual(calls, ['write'])
  t.deepEqual(await readdir(runner.cacheDir), [])
})

test('an output that a step forgot is a failure, not an entry', async t => {
  const { runner, write } = await trial(t)
  await t.throwsAsync(runSteps([{ ...write, outputs: ['text.txt', 'other.txt'] }], runner), { code: 'ENOENT' })
  t.deepEqual(await readdir(runner.cacheDir), [])
})

test('a signal ends the running command with all its children, and nothing half-written stays', async t => {
  const { runner, write, stop } = await trial(t)
  const marker = `30${process.pid}`
  const sleeping: Step = {
    ...write,
    async run({ shell, dir }) {
      await writeFile(join(dir, 'text.txt'), 'half')
      setTimeout(() => stop.abort(new Error('stopped by SIGTERM')), 200)
      await shell.run(['sh', '-c', `sleep ${marker} & sleep ${marker}`])
    },
  }
  await t.throwsAsync(runSteps([sleeping], runner), { message: 'stopped by SIGTERM' })
  t.deepEqual(await readdir(runner.cacheDir), [])
  t.deepEqual(await findCommands(marker), [])
})

test('what a killed bake left half-written is removed by the next one', async t => {
  const { runner, write } = await trial(t)
  await runSteps([write], runner)
  const left = join(runner.cacheDir, 'write-0123456789abcdef.tmp-4194305')
  await writeFile(left, 'half')
  await runSteps([write], runner)
  t.false((await readdir(runner.cacheDir)).some(name => name.includes('.tmp-')))
})

test('the newest two entries of a step stay', async t => {
  const { runner, write } = await trial(t)
  for (const text of ['1', '2', '3', '4']) await runSteps([{ ...write, inputs: () => ({ text }) }], runner)
  t.is((await readdir(runner.cacheDir)).length, 2)
})

/** Command lines of all processes that hold the text. */
async function findCommands(text: string): Promise<string[]> {
  const ids = (await readdir('/proc')).filter(name => /^\d+$/.test(name))
  const lines = await Promise.all(ids.map(id => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')))
  return lines.filter(line => line.includes(text))
}
