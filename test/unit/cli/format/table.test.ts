import test from 'ava'
import fc from 'fast-check'
import { displayWidth, renderTable } from '../../../../cli/format/table.ts'

test('an empty list is a header and a line', t => {
  t.is(
    renderTable({ titles: ['NAME', 'URL', 'BASEIMAGE', 'STATUS', 'CREATED DATE'], rows: [] }),
    `  NAME | URL | BASEIMAGE | STATUS | CREATED DATE  \n${'-'.repeat(44)}\n`,
  )
})

test('ruled: a line below every row, several lines in a cell, never a wrapped one', t => {
  const cells = [
    'hello-api',
    'http\nhttps',
    'http://127.0.0.1:8081/dispatch/hello\nhttps://127.0.0.1:8445/dispatch/hello',
    'true',
  ]
  t.is(
    renderTable({ titles: ['NAME', 'PROTOCOL', 'PATH', 'ENABLED'], rows: [cells], ruled: true }),
    [
      '    NAME    | PROTOCOL  |                 PATH                  | ENABLED  ',
      '---------------------------------------------------------------------------',
      '  hello-api | http      | http://127.0.0.1:8081/dispatch/hello  | true     ',
      '            | https     | https://127.0.0.1:8445/dispatch/hello |          ',
      '---------------------------------------------------------------------------',
      '',
    ].join('\n'),
  )
})

test('what looks like a number stands right; wide characters count twice; control characters do nothing', t => {
  const lines = renderTable({ titles: ['NAME'], rows: [['1234567'], ['12'], ['函数'], ['a\u001b[2Jb']] }).split('\n')
  t.deepEqual(lines.slice(2, 6), ['  1234567  ', '       12  ', '  函数     ', '  a[2Jb    '])
})

test('every line of every table is equally wide and keeps its cells', t => {
  const cell = fc.stringMatching(/^[a-z0-9 .-]{0,40}$/)
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell, cell)), rows => {
      const lines = renderTable({ titles: ['A', 'B', 'C'], rows }).split('\n')
      const widths = new Set(lines.filter(line => line.includes('|')).map(displayWidth))
      t.is(widths.size, 1)
      rows.forEach((row, index) => {
        t.deepEqual(
          lines[index + 2]?.split('|').map(text => text.trim()),
          row.map(text => text.trim()),
        )
      })
    }),
  )
})

/** The columns of a terminal in which a line has its separators. */
const separatorsOf = (line: string): number[] =>
  [...line.matchAll(/\|/g)].map(({ index }) => displayWidth(line.slice(0, index)))

test('separators stand below each other whatever the cells hold: wide, combining, several lines, nothing', t => {
  const unit = fc.constantFrom(
    'a',
    'Z',
    '7',
    '.',
    ' ',
    '\n',
    'é',
    'e\u0301',
    '函',
    '数',
    'ア',
    '한',
    '\uff21',
    '🚀',
    '\u200d',
  )
  const cell = fc.string({ unit, maxLength: 40 })
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell, cell)), fc.boolean(), (rows, ruled) => {
      const text = renderTable({ titles: ['A', '函数', 'C'], rows, ruled })
      const lines = text.split('\n').slice(0, -1)
      const [titles = '', rule = '', ...body] = lines
      for (const line of body.filter(each => !/^-+$/.test(each))) {
        t.deepEqual(separatorsOf(line), separatorsOf(titles))
        t.is(displayWidth(line), displayWidth(titles))
      }
      t.is(body.filter(line => line === rule).length, ruled ? rows.length : 0)
      const height = (row: readonly string[]) => Math.max(...row.map(each => each.split('\n').length))
      t.is(
        body.length,
        rows.reduce((sum, row) => sum + height(row) + (ruled ? 1 : 0), 0),
      )
    }),
    { numRuns: 200 },
  )
})

test('a wide character takes two columns, one that combines none', t => {
  t.deepEqual(['函数', 'ｱア', '한', '🚀', 'e\u0301', 'a\u200db', 'é'].map(displayWidth), [4, 3, 2, 2, 1, 2, 1])
})
