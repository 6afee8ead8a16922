import test from 'ava'
import { run } from '../../../provisioning/run.ts'

test('arguments and input arrive to the letter, whatever a shell would make of them', async t => {
  const hostile = `$(id) \`id\` "'\\;&|* ä\n`
  t.deepEqual(await run(['printf', '%s', hostile]), { exitCode: 0, stdout: hostile, stderr: '' })
  t.is((await run(['cat'], { stdin: hostile })).stdout, hostile)
})

test('a program that fails is an answer, with its words', async t => {
  const { exitCode, stderr } = await run(['ls', '/no/such/folder'])
  t.is(exitCode, 2)
  t.regex(stderr, /no\/such\/folder/)
})

test('so is one that is missing, one that takes too long, one that is killed, and one that never reads its input', async t => {
  t.is((await run(['no-such-program'])).exitCode, 127)
  t.is((await run(['sleep', '600'], { timeoutMs: 50 })).exitCode, 124)
  const killed = await run(['sh', '-c', 'kill -9 $$', 'an argument'])
  t.deepEqual(killed, { exitCode: 137, stdout: '', stderr: 'sh: ended by SIGKILL' })
  t.is((await run(['true'], { stdin: 'x'.repeat(1024 * 1024) })).exitCode, 0)
})

test('so are arguments that no program can be started with, and nothing of them is told', async t => {
  for (const argument of ['secret'.repeat(30_000), 'secret\0']) {
    const { exitCode, stderr } = await run(['true', argument])
    t.is(exitCode, 126)
    t.regex(stderr, /^true: it cannot be started: [A-Z\d_]+$/)
  }
})

test('output beyond a mebibyte ends the program', async t => {
  const { exitCode, stderr } = await run(['yes'])
  t.is(exitCode, 137)
  t.regex(stderr, /maxBuffer/)
})
