import test from 'ava'
import { parseAvaCounts, renderClosing } from '../../../helpers/suite-results.ts'

test('counts come from the closing lines of a run that passed', t => {
  t.deepEqual(parseAvaCounts('\n  ✔ a › one\n  ─\n\n  12 tests passed\n'), { passed: 12, failed: 0 })
  t.deepEqual(parseAvaCounts('  ✔ a\n  ─\n\n  1 test passed\n'), { passed: 1, failed: 0 })
})

test('a run that failed counts its marks, its failures and its uncaught exceptions', t => {
  const output =
    '  ✔ a › a\n  ✘ [fail]: a › b\n  ─\n\n  a › b\n\n  1 test failed\n  1 known failure\n  2 uncaught exceptions\n'
  t.deepEqual(parseAvaCounts(output), { passed: 1, failed: 3 })
})

test('output without a count is no test passed', t => {
  t.deepEqual(parseAvaCounts('✘ Could not find any files to test\n'), { passed: 0, failed: 0 })
})

test('the closing names each suite, those not run too, and ends with the line for machines', t => {
  const results = [
    { name: 'lint', passed: 3, failed: 0, tookMs: 1500 },
    { name: 'unit', passed: 10, failed: 2, tookMs: 60_000 },
  ]
  const lines = renderClosing(results, ['lint', 'unit', 'e2e']).split('\n')
  t.is(lines.at(-1), '13 passed, 2 failed')
  t.regex(lines[2] ?? '', /^lint +passed +3 +0 +1\.5 s$/)
  t.regex(lines[3] ?? '', /^unit +failed +10 +2 +60\.0 s$/)
  t.regex(lines[4] ?? '', /^e2e +not run$/)
})
