/** What is made of a build that prints, fails and takes its time. */
import test from 'ava'
import { BuildFailure } from '../../../../server/images/build-failure.ts'
import type { Build } from '../../../../server/images/builds.ts'
import { supervise } from '../../../../server/images/supervise.ts'
import { dockerImageOf } from '../../../helpers/docker-image.ts'

const request = {
  ...{ hash: '1', contract: 'worker' as const, manifest: '', systemPackages: [] },
  base: { reference: 'r', dockerImage: dockerImageOf() },
}

async function run(build: Build, { timeoutMs = 60_000, signal = new AbortController().signal } = {}) {
  const lines: string[] = []
  const onLine = (_: string, line: string) => void lines.push(line)
  const thrown = await supervise(build, timeoutMs)(request, { onLine, signal }).then(
    () => undefined,
    (failure: unknown) => failure,
  )
  return { lines, thrown }
}

const prints =
  (...lines: string[]): Build =>
  async (_, { onLine }) => {
    for (const line of lines) onLine('stdout', line)
    throw new BuildFailure('no')
  }

const outputOf = (thrown: unknown) => (thrown instanceof BuildFailure ? thrown.output : undefined)

test('what a tool prints reaches nobody with colours or credentials', async t => {
  const { lines, thrown } = await run(prints('\u001b[31mLooking in https://user:se@cret@host/simple\u001b[0m'))
  t.deepEqual(lines, ['Looking in https://host/simple'])
  t.is(outputOf(thrown), 'Looking in https://host/simple')
})

test('a failure tells the failing step alone, and of much the end', async t => {
  const { thrown } = await run(
    prints('Step 1/2 : a', 'fine', 'Step 2/2 : b', ...Array(100).fill('x'.repeat(2000)), 'why'),
  )
  const lines = outputOf(thrown)?.split('\n') ?? []
  t.is(lines[0], 'Step 2/2 : b')
  t.is(lines.at(-1), 'why')
  t.is(lines.length, 31)
  t.true(lines.every(line => line.length <= 500))
})

const untilAborted: Build = (_, { signal }) =>
  new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))

test('a build that takes too long has failed; one that is cancelled has not', async t => {
  t.regex(
    String((await run(untilAborted, { timeoutMs: 1 })).thrown),
    /it took longer than the 0.001 s of build-timeout/,
  )
  const cancel = new AbortController()
  const cancelled = run(untilAborted, { signal: cancel.signal })
  cancel.abort()
  t.false((await cancelled).thrown instanceof BuildFailure)
})

test("the machine's fault stays what it is", async t => {
  const { thrown } = await run(async () => {
    throw new TypeError('Docker is not running')
  })
  t.true(thrown instanceof TypeError)
})
