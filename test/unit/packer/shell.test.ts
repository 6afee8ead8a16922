import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import test, { type ExecutionContext } from 'ava'
import fc from 'fast-check'
import { CommandFailed, createShell, renderCommand } from '../../../packer/shell.ts'

const trial = async (t: ExecutionContext) => {
  const dir = await mkdtemp(join(tmpdir(), 'shell-'))
  t.teardown(() => rm(dir, { recursive: true, force: true }))
  const logFile = join(dir, 'step.log')
  const stop = new AbortController()
  return { logFile, stop, shell: createShell({ logFile, signal: stop.signal }) }
}

test('no value becomes syntax', async t => {
  const { shell } = await trial(t)
  const hostile = ['$HOME', '`id`', '; false', 'a b', "it's", '"', '\\', '*', 'line\nbreak', '']
  t.is(await shell.run(['printf', '%s|', ...hostile]), `${hostile.join('|')}|`)
})

test('input is given, and is empty where none is named', async t => {
  const { shell } = await trial(t)
  t.is(await shell.run(['cat'], { input: 'text' }), 'text')
  t.is(await shell.run(['cat']), '')
})

test('output goes to the log, not to the terminal', async t => {
  const { shell, logFile } = await trial(t)
  await shell.run(['sh', '-c', 'echo seen; echo also >&2'])
  t.regex(await readFile(logFile, 'utf8'), /\$ sh -c 'echo seen; echo also >&2'\n(seen\nalso|also\nseen)\n/)
})

test('a failure names the command, its last lines and the log', async t => {
  const { shell, logFile } = await trial(t)
  const failure = await t.throwsAsync(shell.run(['sh', '-c', 'seq 100; exit 3']), { instanceOf: CommandFailed })
  t.regex(failure?.message ?? '', /^sh exited with code 3:\n {2}sh -c 'seq 100; exit 3'\n {2}\| 89\n/)
  t.true(failure?.message.endsWith(`| 100\nIts whole output: ${logFile}`))
})

test('a program that does not exist is a failure like any other', async t => {
  const { shell } = await trial(t)
  await t.throwsAsync(shell.run(['no-such-program']), { message: /No such file/ })
})

test('what was started is stopped with its whole group', async t => {
  const { shell } = await trial(t)
  const running = shell.start(['sh', '-c', 'sleep 1000 & sleep 1000'])
  t.true(running.pid > 0)
  await running.stop()
  // An orphan that has ended stays in the process table until init has taken notice of it.
  const isListed = () => {
    try {
      return process.kill(-running.pid, 0)
    } catch {
      return false
    }
  }
  for (const endMs = Date.now() + 60_000; isListed() && Date.now() < endMs; ) await pause(20)
  t.false(isListed())
})

test('after the signal nothing is started any more', async t => {
  const { shell, stop } = await trial(t)
  stop.abort(new Error('stopped'))
  await t.throwsAsync(shell.run(['true']), { message: 'stopped' })
})

test('a command in a message can be pasted into a shell', async t => {
  const { shell } = await trial(t)
  const words = fc.array(fc.string({ unit: 'grapheme-ascii' }), { minLength: 1, maxLength: 4 })
  await fc.assert(
    fc.asyncProperty(words, async values => {
      const line = renderCommand(['printf', '%s\\n', ...values])
      t.is(await shell.run(['sh', '-c', line]), values.map(value => `${value}\n`).join(''))
    }),
    { numRuns: 25 },
  )
})
