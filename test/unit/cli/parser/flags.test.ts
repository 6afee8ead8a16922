import test from 'ava'
import fc from 'fast-check'
import { UsageError } from '../../../../cli/failure.ts'
import type { FlagTable } from '../../../../cli/flag.ts'
import { parseFlags } from '../../../../cli/parser/flags.ts'

const table = {
  text: { kind: 'text', short: 't', summary: '', fallback: 'none' },
  all: { kind: 'toggle', short: 'a', summary: '' },
  last: { kind: 'toggle', short: 'l', summary: '' },
  names: { kind: 'names', short: 'n', summary: '', fallback: '/' },
  texts: { kind: 'texts', summary: '' },
} as const satisfies FlagTable

test('all spellings of a flag mean the same, before and after arguments', t => {
  for (const line of ['--text v x', '--text=v x', '-t v x', '-tv x', '-t=v x', 'x -t v', 'x --text=v']) {
    const { values, args, given } = parseFlags(line.split(' '), table)
    t.deepEqual([values.text, args, given.has('text')], ['v', ['x'], true], line)
  }
})

test('toggles run together, the last of them may take a value', t => {
  const { values } = parseFlags(['-altv', '--last=false'], table)
  t.deepEqual([values.all, values.last, values.text], [true, false, 'v'])
})

test('a list given once replaces its default, then grows; only one kind is split at commas', t => {
  t.deepEqual(parseFlags([], table).values.names, ['/'])
  const { values } = parseFlags(['-n', 'a,b', '--names=c', '--texts', 'd,e', '--texts=f'], table)
  t.deepEqual(
    [values.names, values.texts],
    [
      ['a', 'b', 'c'],
      ['d,e', 'f'],
    ],
  )
})

test('a value may look like a flag, and be empty; -- ends the flags; - is an argument', t => {
  const { values, args } = parseFlags(['--text', '--all', '-', '--', '--last', '-x'], table)
  t.deepEqual([values.text, values.all, args], ['--all', false, ['-', '--last', '-x']])
  t.is(parseFlags(['--text='], table).values.text, '')
})

test('names of Object.prototype are not flags', t => {
  for (const word of ['--constructor', '--toString=1', '--__proto__'])
    t.throws(() => parseFlags([word], table), { instanceOf: UsageError, message: /^unknown flag: / })
  t.throws(() => parseFlags(['---x'], table), { message: 'bad flag syntax: ---x' })
  t.throws(() => parseFlags(['--=x'], table), { message: 'bad flag syntax: --=x' })
})

test('whatever the words: an answer or a usage error, and no argument is lost or invented', t => {
  const word = fc.oneof(fc.string(), fc.constantFrom('-a', '-al', '--all', '--last', '--text', '-t', 'x', '--', '-'))
  fc.assert(
    fc.property(fc.array(word), words => {
      try {
        const { args } = parseFlags(words, table)
        t.true(args.every(arg => words.includes(arg)))
      } catch (thrown) {
        t.true(thrown instanceof UsageError)
      }
    }),
  )
})
