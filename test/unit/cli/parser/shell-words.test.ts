/** Words of EDITOR: what a POSIX shell makes of quotes and backslashes. */
import test from 'ava'
import fc from 'fast-check'
import { splitShellWords } from '../../../../cli/parser/shell-words.ts'

const lines: readonly (readonly [string, readonly string[] | undefined])[] = [
  ['', []],
  ['  vi  ', ['vi']],
  ['code --wait', ['code', '--wait']],
  [`'/opt/my editor'/bin/ed --title="a b" c`, ['/opt/my editor/bin/ed', '--title=a b', 'c']],
  ['/opt/my\\ editor ""', ['/opt/my editor', '']],
  [`"say \\"hi\\" \\n" 'a\\'`, ['say "hi" \\n', 'a\\']],
  [`ed "open`, undefined],
  [`ed it's`, undefined],
  ['ed \\', undefined],
]
for (const [line, words] of lines) test(`${line || 'nothing'}`, t => t.deepEqual(splitShellWords(line), words))

const quotings = [
  (word: string) => `'${word.replaceAll("'", `'\\''`)}'`,
  (word: string) => `"${word.replace(/["\\$`]/g, '\\$&')}"`,
]

test('words that were quoted in either way come back', t => {
  const quoted = fc.array(fc.tuple(fc.string({ unit: 'binary' }), fc.constantFrom(...quotings)))
  fc.assert(
    fc.property(quoted, pairs => {
      const line = pairs.map(([word, quote]) => quote(word)).join(' ')
      t.deepEqual(
        splitShellWords(line),
        pairs.map(([word]) => word),
      )
    }),
    { numRuns: 300, seed: 7 },
  )
})
