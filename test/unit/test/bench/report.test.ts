import test from 'ava'
import { type Report, renderInto } from '../../../bench/report.ts'

const report: Report = {
  machine: { cpu: 'Some CPU', cores: 2, memoryBytes: 2 ** 34, kernel: '6.1', node: 'v24', docker: '20.10' },
  commit: '0123456789abcdef',
  date: '2026-01-02T03:04:05.000Z',
  tookSeconds: 600,
  results: [],
  refusals: [{ figures: ['a', 'b'], cause: 'HTTP 503' }],
}
const document = 'before\n\n<!-- bench: begin -->\nold\n<!-- bench: end -->\n\nafter\n'

test('only what stands between the marks is replaced, however often', t => {
  const once = renderInto(document, report)
  t.is(renderInto(once, report), once)
  t.true(once.startsWith('before\n\n<!-- bench: begin -->\n'))
  t.true(once.endsWith('<!-- bench: end -->\n\nafter\n'))
  t.false(once.includes('old'))
})

test('the machine, the commit and what was refused are told', t => {
  const text = renderInto(document, report)
  t.regex(text, /Taken 2026-01-02 at commit 0123456 in 10 minutes on 2 cores of Some CPU, 16 GiB, Linux 6.1/)
  t.regex(text, /- refused: a, b: HTTP 503/)
})

test('a document without marks is refused', t => {
  t.throws(() => renderInto('nothing', report), { message: /has no place/ })
})
