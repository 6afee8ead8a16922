/** The real program of the nodejs runtime, run as a process of this machine, keeps what every runtime promises. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { testConformance } from '../../../../helpers/conformance.ts'
import { createHostDocker, hostImages } from '../../../../helpers/host-runtimes.ts'
import { nodejs } from '../../../../helpers/runtime-probes.ts'
import { createTestEngine } from '../../../../helpers/test-engine.ts'
import { until } from '../../../../helpers/wait.ts'

const cases = {
  ...nodejs,
  image: hostImages.nodejs,
  engineFor: (t: ExecutionContext) => createTestEngine(t, { docker: createHostDocker() }),
}
testConformance(test, cases)

const late = `const { writeFileSync } = require('node:fs')
module.exports = (context, payload) => {
  if (payload) setTimeout(() => { console.log('late'); writeFileSync(payload, '') }, 50)
}
`

test('nodejs: what is printed between two calls belongs to neither', async t => {
  const limits = { concurrency: 1 }
  const { call, revision, containersDir } = createTestEngine(t, { docker: createHostDocker(), limits })
  const marker = join(containersDir, 'marker')
  const speaking = revision(hostImages.nodejs, { 'late.js': late })
  t.deepEqual((await call(speaking, marker)).logs, { stdout: null, stderr: null })
  await until('the late line is printed', async () => existsSync(marker))
  t.deepEqual((await call(speaking)).logs, { stdout: null, stderr: null })
})

const counting = `const { readdirSync, readlinkSync } = require('node:fs')
const targetOf = fd => { try { return readlinkSync('/proc/self/fd/' + fd) } catch { return '' } }
const sockets = readdirSync('/proc/self/fd').filter(fd => targetOf(fd).startsWith('socket:')).length
module.exports = () => sockets
`

test('nodejs: code that is being loaded finds the line to the launcher, and none to the server yet', async t => {
  const { call, revision } = createTestEngine(t, { docker: createHostDocker() })
  t.like(await call(revision(hostImages.nodejs, { 'count.js': counting })), { ok: true, outputJson: '1' })
})

for (const [text, message] of Object.entries({
  'the other side says: Reached heap limit, Ineffective mark-compacts': /exited with code 1/,
  '\nFATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory':
    /^The function ran out of memory/,
  '\nFATAL ERROR: Ineffective mark-compacts near heap limit': /^The function ran out of memory/,
})) {
  test(`nodejs: only what V8 itself prints means that memory ran out: ${text.trim()}`, async t => {
    const { call, revision } = createTestEngine(t, { docker: createHostDocker() })
    const code = 'module.exports = (context, text) => { console.error("so far " + text); process.exit(1) }\n'
    const outcome = await call(revision(hostImages.nodejs, { 'tell.js': code }), text)
    t.regex(outcome.ok ? '' : outcome.error.message, message)
  })
}

const failing = {
  plain:
    'interface Payload { name: string }\n\nexport default (context: unknown, payload: Payload) => {\n  throw new Error(payload.name)\n}\n',
  rewritten:
    'enum Name { boom = "boom" }\n\nexport default (context: unknown, payload: unknown) => {\n  throw new Error(Name.boom)\n}\n',
}

for (const [what, code] of Object.entries(failing)) {
  test(`nodejs: an error names its line in TypeScript, and loading it prints nothing: ${what}`, async t => {
    const { call, revision } = createTestEngine(t, { docker: createHostDocker() })
    const outcome = await call(revision(hostImages.nodejs, { 'fail.ts': code }), { name: 'boom' })
    t.like(outcome, { ok: false, error: { message: 'boom' }, logs: { stdout: null, stderr: null } })
    const stack = outcome.ok ? [] : (outcome.error.stacktrace ?? [])
    t.true(
      stack.some(line => /fail\.ts:4:9/.test(line)),
      stack.join('\n'),
    )
  })
}
