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
