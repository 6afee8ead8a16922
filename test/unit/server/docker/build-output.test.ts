/** What Docker's builder says becomes lines, an id, or the reason of a failure. */
import test from 'ava'
import { createBuildReader } from '../../../../server/docker/build-output.ts'

function readAll(...said: Record<string, unknown>[]) {
  const lines: string[] = []
  const reader = createBuildReader((_, line) => lines.push(line))
  for (const object of said) reader.read(object)
  return { ...reader, lines }
}

test('the reason is the error, and what was printed since the last step began', t => {
  const { failure, lines } = readAll(
    { stream: 'Step 1/2 : FROM a' },
    { stream: '\n' },
    { stream: ' ---> 0123456789ab\n' },
    { stream: 'Step 2/2 : RUN false\n' },
    { stream: '\u001b[91mred\u001b[0m' },
    { errorDetail: {}, error: 'it failed' },
    { error: 'again' },
  )
  t.is(failure(), 'it failed\nStep 2/2 : RUN false\nred')
  t.deepEqual(lines, ['Step 1/2 : FROM a', ' ---> 0123456789ab', 'Step 2/2 : RUN false', 'red'])
})

test('of a step that prints without end the last is kept', t => {
  const long = 'x'.repeat(5000)
  const { failure } = readAll(...Array.from({ length: 10 }, () => ({ stream: `${long}\n` })), { error: 'e' })
  t.true((failure() ?? '').length <= 16 * 1024 + 2)
})

test('without an error there is an id, and the steps are known', t => {
  const { failure, id, hasStep } = readAll({ stream: ' ---> 0123456789ab\n' }, { aux: { ID: 'sha256:9' } })
  t.is(failure(), undefined)
  t.is(id(), 'sha256:9')
  t.true(hasStep(`sha256:0123456789ab${'0'.repeat(52)}`))
  t.false(hasStep(`sha256:1123456789ab${'0'.repeat(52)}`))
})
