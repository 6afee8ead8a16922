import test from 'ava'
import { isPrinted, parseExamples } from '../../../e2e/guides/example.ts'

const fence = '```'

test('commands are read with their here-documents, continuations, and what they print', t => {
  const guide = `# A\n${fence}console\n$ one \\\n    two\nout\n$ cat > x <<'END'\n$ not a command\nEND\n$ three\n${fence}\n${fence}json\n$ no\n${fence}\n`
  t.deepEqual(parseExamples(guide), [
    { command: 'one \\\n    two', prints: 'out\n' },
    { command: "cat > x <<'END'\n$ not a command\nEND", prints: '' },
    { command: 'three', prints: '' },
  ])
})

test('ids, times and widths may differ, words may not', t => {
  const [first, second] = ['292d254e-f79e-4ec5-be45-87ee7e6ee150', '01a222bf-6d6b-7975-84a3-8a58bd3265bb']
  t.true(isPrinted(`${first} | a\n`, `${second} |   a\n`))
  t.true(isPrinted('Sat Nov 28 15:21:43 UTC 2026\n', 'Tue Nov 24 02:58:16 UTC 2026\n'))
  t.true(isPrinted('"executedTime": 1795522195002433115\n', '"executedTime": 1795489081941149717\n'))
  t.false(isPrinted('READY\n', 'ERROR\n'))
  t.false(isPrinted('a\nb\n', 'a\n'))
  t.false(isPrinted('', 'a\n'))
})

test('an ellipsis stands for lines, and for nothing else', t => {
  t.true(isPrinted('a\nx\ny\nb\n', 'a\n...\nb\n'))
  t.true(isPrinted('a\nb\n', 'a\n...\nb\n'))
  t.false(isPrinted('a\nx\n', 'a\n...\nb\n'))
})
