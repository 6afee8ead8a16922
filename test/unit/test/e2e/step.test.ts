import test from 'ava'
import { holds, isLike, splitWords } from '../../../e2e/stories/step.ts'

const done = { code: 0, stdout: '{"status": "READY", "tags": []}', stderr: '' }

test('words are split at blanks, but not in quotes', t => {
  t.deepEqual(splitWords(`exec f --input='{"a": 1}' '' -o json`), ['exec', 'f', '--input={"a": 1}', '', '-o', 'json'])
})

test('objects may have more members, arrays may not have more items', t => {
  t.true(isLike({ a: 1, b: ['x'] }, { b: [/x/] }))
  t.false(isLike({ a: 1 }, { b: 1 }))
  t.false(isLike({ b: ['x', 'y'] }, { b: ['x'] }))
  t.false(isLike({ b: null }, { b: {} }))
  t.false(isLike(1, /1/))
})

test('a step holds only if code, stdout and stderr are as it says', t => {
  t.true(holds({ run: 'x', has: { status: 'READY', tags: [] } }, done))
  t.false(holds({ run: 'x', has: { status: 'ERROR' } }, done))
  t.false(holds({ run: 'x', has: {} }, { ...done, stdout: 'no JSON' }))
  t.false(holds({ run: 'x', prints: 'other' }, done))
  t.false(holds({ run: 'x' }, { ...done, code: 1 }))
  t.false(holds({ run: 'x' }, { ...done, stderr: 'a note\n' }))
  t.false(holds({ run: 'x', fails: /./ }, done))
  t.true(holds({ run: 'x', fails: 'why\n' }, { code: 1, stdout: '', stderr: 'why\n' }))
  t.false(holds({ run: 'x', fails: 'why\n' }, { code: 3, stdout: '', stderr: 'why\n' }))
})
