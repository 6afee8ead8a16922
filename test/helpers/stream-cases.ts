/** What every runtime promises of results that come piece by piece, whatever its language and wherever it runs. */
import type { Outcome, Piece } from '../../server/core/execution.ts'
import type { RuntimeCases, Test } from './runtime-cases.ts'

const outputOf = (outcome: Outcome): unknown => (outcome.ok ? JSON.parse(outcome.outputJson) : outcome.error)
const messageOf = (outcome: Outcome): string => (outcome.ok ? '' : outcome.error.message)

/** Takes all pieces, or as many as it is told. */
function collect(most = Number.POSITIVE_INFINITY) {
  const taken: Piece[] = []
  const onPiece = async (piece: Piece) => taken.push(piece) < most
  return { taken, onPiece }
}

const joined: Record<string, { values: unknown[]; output: unknown }> = {
  'texts are joined': { values: ['Zürich ', '', '日本 🎈'], output: 'Zürich 日本 🎈' },
  'bytes make it base64': { values: [{ bytes: 'ab' }, 'c', { bytes: 'd' }], output: 'YWJjZA==' },
  'other values make it an array': {
    values: ['a', { b: ['"', 2] }, { bytes: 'c' }, null],
    output: ['a', { b: ['"', 2] }, 'Yw==', null],
  },
  'none is null': { values: [], output: null },
}

export function testStreaming(test: Test, { image, probe, engineFor }: Omit<RuntimeCases, 'broken'>): void {
  const { language } = image

  for (const [what, { values, output }] of Object.entries(joined)) {
    test(`${language}: a caller who did not ask for pieces gets them as one: ${what}`, async t => {
      const { call, revision } = engineFor(t)
      const probed = revision(image, probe)
      for (const way of ['yield', 'yield-async']) {
        const outcome = await call(probed, { do: way, values })
        t.deepEqual(outputOf(outcome), output, way)
        t.deepEqual(outcome.logs, { stdout: ['begun'], stderr: null })
      }
    })
  }

  test(`${language}: pieces come one after the other as what they are, and the outcome repeats them`, async t => {
    const { stream, revision } = engineFor(t)
    const probed = revision(image, probe)
    for (const way of ['yield', 'yield-async']) {
      const { taken, onPiece } = collect()
      const outcome = await stream(probed, { do: way, values: ['ö', { a: 1 }, { bytes: 'x' }] }, { onPiece })
      t.deepEqual(taken, [
        { type: 'text', text: 'ö' },
        { type: 'json', text: '{"a":1}' },
        { type: 'bytes', bytes: Buffer.from('x') },
      ])
      t.deepEqual(outputOf(outcome), ['ö', { a: 1 }, 'eA=='], way)
      t.deepEqual(outcome.logs, { stdout: ['begun'], stderr: null })
    }
  })

  test(`${language}: no piece is made before the one before is taken; who wants no more ends it, orderly`, async t => {
    const { stream, revision } = engineFor(t)
    const { taken, onPiece } = collect(3)
    const outcome = await stream(revision(image, probe), { do: 'count' }, { onPiece })
    t.deepEqual(outputOf(outcome), [0, 1, 2])
    t.is(taken.length, 3)
    t.deepEqual(outcome.logs.stdout, ['made 0', 'made 1', 'made 2', 'closed'])
  })

  test(`${language}: a caller who fails is one who wants no more`, async t => {
    const { stream, call, revision } = engineFor(t)
    const probed = revision(image, probe)
    const outcome = await stream(probed, { do: 'count' }, { onPiece: () => Promise.reject(new Error('gone')) })
    t.deepEqual(outcome.logs.stdout, ['made 0', 'closed'])
    t.like(await call(probed, { do: 'echo' }), { ok: true })
  })

  test(`${language}: a plain result has no pieces`, async t => {
    const { stream, revision } = engineFor(t)
    const { taken, onPiece } = collect()
    const outcome = await stream(revision(image, probe), { do: 'text', text: [1, 'two'] }, { onPiece })
    t.deepEqual([outputOf(outcome), taken], [[1, 'two'], []])
  })

  test(`${language}: an error, a value that is no JSON and the end of the process come after the pieces before`, async t => {
    const { stream, call, revision } = engineFor(t)
    const probed = revision(image, probe)
    const ends = {
      fail: /^boom$/,
      'no-json': /^Unable to serialize response payload: /,
      exit: /^The process of the function exited with code 3 before it returned a result$/,
    }
    for (const [then, message] of Object.entries(ends)) {
      const { taken, onPiece } = collect()
      const outcome = await stream(probed, { do: 'yield', values: ['a', 'b'], last: then }, { onPiece })
      t.like(outcome, { ok: false, error: { type: 'FunctionError' } })
      t.regex(messageOf(outcome), message)
      t.is(taken.length, 2, then)
      t.is(outcome.logs.stdout?.[0], 'begun')
      const stack = outcome.ok ? [] : (outcome.error.stacktrace ?? [])
      if (then === 'fail') t.true(stack.length > 1 && stack.length < 6, stack.join('\n'))
    }
    t.like(await call(probed, { do: 'echo' }), { ok: true })
  })

  test(`${language}: its time passes in the middle: while it works, and while nobody takes the piece`, async t => {
    const { stream, call, revision, engine } = engineFor(t)
    const probed = revision(image, probe)
    await engine.load(probed)
    const { taken, onPiece } = collect()
    const hanging = await stream(probed, { do: 'yield', values: [1], last: 'hang' }, { onPiece, timeoutMs: 3000 })
    t.is(messageOf(hanging), 'Function execution exceeded the timeout')
    t.deepEqual(hanging.logs.stdout, ['begun', 'before'])
    t.is(taken.length, 1)
    t.like(await call(probed, { do: 'echo' }), { ok: true })
    const never = Promise.withResolvers<boolean>().promise
    const unread = await stream(probed, { do: 'count' }, { onPiece: () => never, timeoutMs: 3000 })
    t.is(messageOf(unread), 'Function execution exceeded the timeout')
    t.deepEqual(unread.logs.stdout, ['made 0'])
    t.like(await call(probed, { do: 'echo' }), { ok: true })
  })

  test(`${language}: one piece, and all that are collected, are bounded; the record of the others is cut`, async t => {
    const { stream, call, revision } = engineFor(t)
    const probed = revision(image, probe)
    const large = await call(probed, { do: 'yield', values: [], last: 'large', bytes: 2 ** 20 + 1 })
    t.is(
      messageOf(large),
      'Unable to return response payload: a piece of 1048577 bytes exceeds the limit of 1048576 bytes',
    )
    const endless = await call(probed, { do: 'yield', values: Array.from({ length: 17 }, () => 'x'.repeat(2 ** 20)) })
    t.is(messageOf(endless), 'Unable to return response payload: its pieces exceed the limit of 16777216 bytes')
    const { taken, onPiece } = collect()
    const values = ['x'.repeat(60_000), 'y'.repeat(60_000), 'z']
    t.is(
      outputOf(await stream(probed, { do: 'yield', values }, { onPiece })),
      `${values[0]}[truncated after 60000 bytes]`,
    )
    t.is(taken.length, 3)
    t.deepEqual(outputOf(await stream(probed, { do: 'yield', values: [1, ...values] }, { onPiece })), [
      1,
      values[0],
      '[truncated after 60001 bytes]',
    ])
  })
}
