/** A nodejs function that says so answers many calls in one process, each with its own lines; a late one harms no other. */
import test from 'ava'
import { createHostDocker, hostImages } from '../../../../helpers/host-runtimes.ts'
import { createTestEngine } from '../../../../helpers/test-engine.ts'

const image = hostImages.nodejs
const code = {
  'f.js': `
const pause = ms => new Promise(resolve => setTimeout(resolve, ms))
let meanwhile = 0
module.exports = async (context, { text, ms = 0, spin = false, bytes = 0 }) => {
  meanwhile += 1
  const most = meanwhile
  console.log('begin', text)
  process.stderr.write('x'.repeat(bytes))
  await pause(ms)
  if (spin) for (;;) {}
  console.error('end %s', text)
  meanwhile -= 1
  return { pid: process.pid, most }
}
module.exports.concurrent = true
`,
}
const numbers = Array.from({ length: 8 }, (_, number) => number)

test('as many at once as the function may, in one process, each with its own lines', async t => {
  const engine = createTestEngine(t, { docker: createHostDocker() })
  const revision = engine.revision(image, code)
  await engine.engine.load(revision)
  const outcomes = await Promise.all(numbers.map(text => engine.call(revision, { text, ms: 300 })))
  const answers = outcomes.map(outcome => (outcome.ok ? JSON.parse(outcome.outputJson) : {}))
  t.is(new Set(answers.map(({ pid }) => pid)).size, 1)
  t.is(Math.max(...answers.map(({ most }) => most)), 8)
  t.deepEqual(
    outcomes.map(({ logs }) => logs),
    numbers.map(number => ({ stdout: [`begin ${number}`], stderr: [`end ${number}`] })),
  )
})

test('lines are bounded, the output of the others is whole', async t => {
  const engine = createTestEngine(t, { docker: createHostDocker() })
  const revision = engine.revision(image, code)
  const [flood, other] = await Promise.all([
    engine.call(revision, { text: 1, bytes: 2 ** 20 + 10, ms: 50 }),
    engine.call(revision, { text: 2 }),
  ])
  t.is(flood.logs.stderr?.at(-1), '[truncated after 1048576 bytes]')
  t.deepEqual(other.logs, { stdout: ['begin 2'], stderr: ['end 2'] })
})

test('5 MiB go in and come out, of each of several calls at once', async t => {
  const engine = createTestEngine(t, { docker: createHostDocker() })
  const revision = engine.revision(image, {
    'f.js': 'module.exports = async (context, text) => text\nmodule.exports.concurrent = true\n',
  })
  const texts = ['a', 'b', 'c'].map(letter => letter.repeat(5 * 2 ** 20))
  const outcomes = await Promise.all(texts.map(text => engine.call(revision, text)))
  t.true(outcomes.every((outcome, index) => outcome.ok && outcome.outputJson === `"${texts[index]}"`))
})

test('a timeout answers at the deadline with the lines so far, and its neighbours go on', async t => {
  const engine = createTestEngine(t, { docker: createHostDocker() })
  const revision = engine.revision(image, code)
  await engine.engine.load(revision)
  const [late, neighbour] = await Promise.all([
    engine.call(revision, { text: 'late', ms: 3000 }, 500),
    engine.call(revision, { text: 'neighbour', ms: 4000 }),
  ])
  t.like(late, { ok: false, error: { message: 'Function execution exceeded the timeout' } })
  t.deepEqual(late.logs, { stdout: ['begin late'], stderr: null })
  t.like(neighbour, { ok: true, logs: { stdout: ['begin neighbour'], stderr: ['end neighbour'] } })
  const after = await engine.call(revision, { text: 'after' })
  t.is(after.ok && JSON.parse(after.outputJson).pid, neighbour.ok && JSON.parse(neighbour.outputJson).pid)
})

test('a process that does not respond any more is replaced', async t => {
  const engine = createTestEngine(t, { docker: createHostDocker(), limits: { graceMs: 500 } })
  const revision = engine.revision(image, code)
  await engine.engine.load(revision)
  const stuck = engine.call(revision, { text: 'stuck', spin: true }, 1000)
  t.like(await stuck, { ok: false, error: { message: 'Function execution exceeded the timeout' } })
  const waiting = await engine.call(revision, { text: 'during' })
  t.regex(waiting.ok ? '' : waiting.error.message, /killed by SIGKILL/)
  t.like(await engine.call(revision, { text: 'after' }), { ok: true })
})

test('without a word of the function each call has a process of its own', async t => {
  const engine = createTestEngine(t, { docker: createHostDocker() })
  const revision = engine.revision(image, {
    'f.js': (code['f.js'] ?? '').replace('concurrent = true', 'concurrent = 0'),
  })
  const outcomes = await Promise.all(numbers.slice(0, 2).map(text => engine.call(revision, { text, ms: 2000 })))
  t.is(new Set(outcomes.map(outcome => outcome.ok && JSON.parse(outcome.outputJson).pid)).size, 2)
})
