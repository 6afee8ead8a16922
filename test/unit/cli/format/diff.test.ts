/** Unified diffs: as diff -u writes them, and enough to make the one text into the other. */
import test from 'ava'
import fc from 'fast-check'
import { compareLines, renderDiff } from '../../../../cli/format/diff.ts'

const text = (words: string) =>
  words
    .split('')
    .map(letter => `${letter}\n`)
    .join('')

test('hunks with three lines around each change, as diff -u writes them', t => {
  t.is(
    renderDiff(text('abcdefghijklmn'), text('abXdefghijklmnY')),
    `\
@@ -1,6 +1,6 @@
 a
 b
-c
+X
 d
 e
 f
@@ -12,3 +12,4 @@
 l
 m
 n
+Y
`,
  )
  t.is(renderDiff(text('abcdefgh'), text('Xabcdefgh')), '@@ -1,3 +1,4 @@\n+X\n a\n b\n c\n')
  t.is(renderDiff('', text('a')), '@@ -0,0 +1 @@\n+a\n')
  t.is(renderDiff(text('ab'), ''), '@@ -1,2 +0,0 @@\n-a\n-b\n')
  t.is(renderDiff(text('ab'), text('ab')), '')
})

test('changes less than seven lines apart share a hunk', t => {
  t.is(renderDiff(text('abcdefgh'), text('XbcdefgY')).match(/^@@/gm)?.length, 1)
  t.is(renderDiff(text('abcdefghi'), text('XbcdefghY')).match(/^@@/gm)?.length, 2)
})

const lines = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 30 })

test('each text is what is left of the comparison without the lines of the other, and nothing common is left out', t => {
  const property = fc.property(lines, lines, (before, after) => {
    const compared = compareLines(before, after)
    const side = (other: string) => compared.filter(({ sign }) => sign !== other).map(line => line.text)
    t.deepEqual([side('+'), side('-')], [before, after])
    const joined = compareLines(before, before)
    t.true(joined.every(({ sign }) => sign === ' '))
  })
  fc.assert(property, { numRuns: 500 })
})

/** Puts the hunks over the text, as patch does, by their line numbers alone. */
function patch(before: string[], diff: string): string[] {
  const result: string[] = []
  let [read, inHunk] = [0, false]
  for (const line of diff.split('\n').slice(0, -1)) {
    const range = /^@@ -(\d+)(?:,(\d+))? /.exec(line)
    if (range && (!inHunk || line.startsWith('@@'))) {
      const start = Number(range[1]) - (range[2] === '0' ? 0 : 1)
      while (read < start) result.push(before[read++] ?? '?')
      inHunk = true
    } else if (line.startsWith('+')) result.push(line.slice(1))
    else {
      if (line.startsWith(' ')) result.push(before[read] ?? '?')
      read += 1
    }
  }
  return [...result, ...before.slice(read)]
}

test('a diff makes the one text into the other', t => {
  const property = fc.property(lines, lines, (before, after) => {
    const end = (part: string[]) => part.map(line => `${line}\n`).join('')
    t.deepEqual(patch(before, renderDiff(end(before), end(after))), after)
  })
  fc.assert(property, { numRuns: 500 })
})

test('two large texts that share little are replaced, not matched', t => {
  const many = (prefix: string) => Array.from({ length: 3000 }, (_, index) => `${prefix}${index}`)
  const compared = compareLines(many('a'), many('b'))
  t.is(compared.length, 6000)
})
