/** What every runtime promises, whatever its language and wherever it runs; `probe` files behave the same in each language. */
import type { ExecutionContext } from 'ava'
import { FunctionLoadError, type RunLogs, type RuntimeImage } from '../../server/core/execution.ts'
import type { TestEngine } from './test-engine.ts'

export interface RuntimeCases {
  image: RuntimeImage
  /** A function whose payload `{do: ...}` says what it does; see the files in test/fixtures/runtimes. */
  probe: Record<string, string>
  /** Source of a lone file by what is wrong with it, with the text of the refusal. */
  broken: Record<string, { files: Record<string, string>; handler?: string; message: RegExp }>
  /** Where the probe prints its lines: standard output, unless that holds the result. */
  lines?: 'stdout' | 'stderr'
  /** Gives results piece by piece; without, those who ask for pieces get none. */
  hasPieces?: boolean
  engineFor(t: ExecutionContext): TestEngine
  /** What the one who calls sees of a process that ends, where it is not how it ended. */
  processEnd?: object
}

const toldEnd = {
  error: {
    type: 'FunctionError',
    message: 'The process of the function exited with code 3 before it returned a result',
  },
  logs: { stdout: ['leaving'] },
}

/** An answer at the deadline on a busy machine: timers and the two clocks differ by a little, processes need a while to be killed. */
const [earlyMs, lateMs] = [20, 1500]

/** `test` of ava, or its `test.serial`. */
export type Test = (title: string, implementation: (t: ExecutionContext) => Promise<void>) => void

export function testRuntime(test: Test, { lines = 'stdout', processEnd = toldEnd, ...cases }: RuntimeCases): void {
  const { image, probe, broken, engineFor } = cases
  const { language } = image
  const only = (printed: string[]): RunLogs => ({ stdout: null, stderr: null, [lines]: printed })
  const spoken = { stdout: { stdout: ['out ö', ''], stderr: ['err ö'] }, stderr: only(['out ö', '', 'err ö']) }

  test(`${language}: the context and the payload reach the handler, its result comes back, unicode and all`, async t => {
    const { call, revision } = engineFor(t)
    const outcome = await call(revision(image, probe), { do: 'echo', text: 'Zürich 日本 🎈 \u0000 "' })
    t.deepEqual(outcome.ok && JSON.parse(outcome.outputJson), {
      context: { secrets: {} },
      payload: { do: 'echo', text: 'Zürich 日本 🎈 \u0000 "' },
    })
    t.deepEqual(outcome.logs, { stdout: null, stderr: null })
  })

  test(`${language}: an async handler is awaited`, async t => {
    const { call, revision } = engineFor(t)
    const outcome = await call(revision(image, probe), { do: 'later' })
    t.like(outcome, { ok: true, outputJson: '"later"' })
  })

  test(`${language}: errors are classified, with message and stack`, async t => {
    const { call, revision } = engineFor(t)
    const probed = revision(image, probe)
    const own = await call(probed, { do: 'fail' })
    t.like(own, { ok: false, error: { type: 'FunctionError', message: 'boom' } })
    const stack = own.ok ? [] : (own.error.stacktrace ?? [])
    t.true(stack.length > 1 && stack.length < 8, stack.join('\n'))
    t.regex(stack.join('\n'), /probe\.\w+/i)
    t.like(await call(probed, { do: 'type-error' }), { ok: false, error: { type: 'InputError' } })
  })

  // Images of others send no frames, and cut nothing.
  if (image.contract === 'worker') {
    test(`${language}: an error with a long text is the function's, and its text is cut`, async t => {
      const { call, revision } = engineFor(t)
      const outcome = await call(revision(image, probe), { do: 'fail', text: 'x'.repeat(700_000) })
      t.like(outcome, { ok: false, error: { type: 'FunctionError' } })
      t.regex(outcome.ok ? '' : outcome.error.message, /^x{32768} \[truncated after 32768 characters\]$/)
    })
  }

  test(`${language}: a result that is no JSON is the function's fault`, async t => {
    const { call, revision } = engineFor(t)
    const outcome = await call(revision(image, probe), { do: 'no-json' })
    t.like(outcome, { ok: false, error: { type: 'FunctionError' } })
    t.regex(outcome.ok ? '' : outcome.error.message, /^Unable to serialize response payload: /)
  })

  test(`${language}: a result over the limit is refused with both numbers`, async t => {
    const { call, revision } = engineFor(t)
    const outcome = await call(revision(image, probe), { do: 'large', bytes: 17 * 1024 * 1024 })
    t.regex(outcome.ok ? '' : outcome.error.message, /17825794 bytes exceed the limit of 16777216 bytes/)
  })

  test(`${language}: 5 MiB go in and come out`, async t => {
    const { call, revision } = engineFor(t)
    const text = 'x'.repeat(5 * 1024 * 1024)
    const outcome = await call(revision(image, probe), { do: 'text', text })
    t.true(outcome.ok && outcome.outputJson === `"${text}"`)
  })

  test(`${language}: lines are those of the call, also a child process's, and bounded`, async t => {
    const { call, revision } = engineFor(t)
    const probed = revision(image, probe)
    t.deepEqual((await call(probed, { do: 'print', text: 'ö' })).logs, spoken[lines])
    t.deepEqual((await call(probed, { do: 'echo' })).logs, { stdout: null, stderr: null })
    t.deepEqual((await call(probed, { do: 'child' })).logs, only(['from a child']))
    const { [lines]: flood } = (await call(probed, { do: 'flood' })).logs
    t.is(flood?.at(-1), '[truncated after 1048576 bytes]')
    t.is(flood?.slice(0, -1).join('\n').length, 1024 * 1024)
  })

  test(`${language}: a timeout answers at the deadline, keeps the lines, and leaves the next call unharmed`, async t => {
    const { call, revision, engine } = engineFor(t)
    const probed = revision(image, probe)
    await engine.load(probed)
    const beginMs = performance.now()
    const outcome = await call(probed, { do: 'hang' }, 3000)
    const tookMs = performance.now() - beginMs
    // Whoever kills it waits up to 2 s for its end; who called waits for that no longer than it takes.
    t.true(tookMs >= 3000 - earlyMs && tookMs < 3000 + lateMs, `${tookMs} ms`)
    t.deepEqual(outcome, {
      ok: false,
      error: { type: 'FunctionError', message: 'Function execution exceeded the timeout', stacktrace: null },
      logs: only(['before']),
    })
    t.like(await call(probed, { do: 'echo' }), { ok: true })
    const late = await call(probed, { do: 'echo' }, 0)
    t.is(late.ok ? '' : late.error.message, 'Did not invoke, already exceeded timeout')
  })

  test(`${language}: a process that ends is told with its lines, and the next call is unharmed`, async t => {
    const { call, revision } = engineFor(t)
    const probed = revision(image, probe)
    t.like(await call(probed, { do: 'exit' }), { ok: false, ...processEnd })
    t.like(await call(probed, { do: 'echo' }), { ok: true })
  })

  for (const [fault, { files, handler, message }] of Object.entries(broken)) {
    test(`${language}: code that cannot be loaded is refused: ${fault}`, async t => {
      const { engine, revision } = engineFor(t)
      const refused = await t.throwsAsync(engine.load(revision(image, files, handler)), {
        instanceOf: FunctionLoadError,
      })
      t.regex(refused?.message ?? '', message)
    })
  }
}
