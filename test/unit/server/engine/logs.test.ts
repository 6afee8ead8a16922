/** What was printed becomes lines; silence stays null. */
import test from 'ava'
import fc from 'fast-check'
import { createLineReader, parseLogs } from '../../../../server/engine/logs.ts'

const lines = (text: string, maxBytes = 100) => parseLogs([Buffer.from(text), Buffer.alloc(0)], maxBytes).stdout

const cases: [string, string[] | null][] = [
  ['', null],
  ['one\n', ['one']],
  ['one\ntwo', ['one', 'two']],
  ['\n\n', ['', '']],
  ['dos\r\nunix\n', ['dos', 'unix']],
]
for (const [text, expected] of cases) {
  test(`${JSON.stringify(text)} -> ${JSON.stringify(expected)}`, t => {
    t.deepEqual(lines(text), expected)
  })
}

test('what goes beyond the limit is cut, and a last line says so', t => {
  t.deepEqual(lines('12345\n789', 8), ['12345', '78', '[truncated after 8 bytes]'])
  t.deepEqual(lines('12345\n78', 8), ['12345', '78'])
})

test('bytes that are no UTF-8 are replaced', t => {
  t.deepEqual(parseLogs([Buffer.alloc(0), Buffer.from([0xff, 0x0a])], 10), { stdout: null, stderr: ['\uFFFD'] })
})

const pieces = fc.array(
  fc.string({ unit: fc.constantFrom('a', '\n', '\r', 'ö', '🎈'), maxLength: 12 }).map(text => Buffer.from(text)),
)

test('read piece by piece, the lines are the first ones of the whole', t => {
  fc.assert(
    fc.property(pieces, fc.integer({ min: 1, max: 60 }), (printed, maxBytes) => {
      const read = createLineReader(maxBytes)
      const told = printed.flatMap(piece => [...piece].flatMap(byte => read(Buffer.from([byte]))))
      const readWhole = createLineReader(maxBytes)
      const toldInPieces = printed.flatMap(piece => readWhole(piece))
      const all = parseLogs([Buffer.concat(printed).subarray(0, maxBytes + 1)], maxBytes).stdout ?? []
      t.deepEqual(told, all.slice(0, told.length))
      t.deepEqual(toldInPieces, told)
      const newlines = Buffer.concat(printed).subarray(0, maxBytes).toString().split('\n').length - 1
      t.is(told.length, newlines)
    }),
  )
})
