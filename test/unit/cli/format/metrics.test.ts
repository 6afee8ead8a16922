import test from 'ava'
import { parseMetrics } from '../../../../cli/format/metrics.ts'

test('numbers are summed over their labels; comments and what is no number are passed over', t => {
  const text = '# TYPE a counter\na{x="1} 5"} 2\na{x="2"} 3\nb 1.5e+3\nc NaN\nd +Inf\n\nnonsense\n'
  t.deepEqual(
    [...parseMetrics(text)],
    [
      ['a', 5],
      ['b', 1500],
    ],
  )
})
