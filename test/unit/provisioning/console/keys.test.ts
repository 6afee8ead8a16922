/** Keys as the Linux console and xterm send them, whole or in pieces. */
import test from 'ava'
import fc from 'fast-check'
import { decodeKeys, type Key } from '../../../../provisioning/console/keys.ts'

const show = (key: Key): string => (key.kind === 'named' ? key.name : key.char)
const decode = (text: string, ended = true): string[] => decodeKeys(text, { ended }).keys.map(show)

const sequences: Readonly<Record<string, readonly string[]>> = {
  F1: ['\u001b[[A', '\u001bOP', '\u001b[11~'],
  F2: ['\u001b[[B', '\u001bOQ', '\u001b[12~', '\u001b[1;2Q'],
  F5: ['\u001b[[E', '\u001b[15~'],
  F8: ['\u001b[19~', '\u001b[19;5~'],
  F10: ['\u001b[21~'],
  F12: ['\u001b[24~'],
  Up: ['\u001b[A', '\u001bOA', '\u001b[1;5A'],
  Left: ['\u001b[D', '\u001bOD'],
  Home: ['\u001b[H', '\u001bOH', '\u001b[1~', '\u001b[7~', '\u0001'],
  End: ['\u001b[F', '\u001b[4~', '\u0005'],
  Delete: ['\u001b[3~'],
  Backspace: ['\u007f', '\b'],
  Tab: ['\t'],
  BackTab: ['\u001b[Z'],
  Enter: ['\r', '\n', '\u001bOM'],
  Escape: ['\u001b', '\u0003'],
  Redraw: ['\u000c'],
  ClearField: ['\u0015'],
}

for (const [name, texts] of Object.entries(sequences))
  test(`${name}`, t => {
    for (const text of texts) t.deepEqual(decode(text), [name], JSON.stringify(text))
  })

test('text is read by the character, whatever its length in UTF-16', t => {
  t.deepEqual(decode('aä語😀~'), ['a', 'ä', '語', '😀', '~'])
})

test('keys that follow each other are told apart', t => {
  t.deepEqual(decode('a\u001b[[Bb\u001bOQ\r'), ['a', 'F2', 'b', 'F2', 'Enter'])
  t.deepEqual(decode('\u001b\u001b[A'), ['Escape', 'Up'])
  t.deepEqual(decode('\u001bx'), ['Escape', 'x'])
})

test('sequences that nobody knows are no text', t => {
  t.deepEqual(decode('\u001b[200~a\u001b[?25h\u001b[99;5u'), ['a'])
  t.deepEqual(decode('\u0007\u009b\ufffd'), [])
})

test('an Escape that nothing follows is one, but only when it is known that nothing does', t => {
  t.deepEqual(decodeKeys('\u001b', { ended: false }), { keys: [], rest: '\u001b' })
  t.deepEqual(decode('\u001b', true), ['Escape'])
  t.deepEqual(decodeKeys('a\u001b[1', { ended: false }).rest, '\u001b[1')
})

const known = fc.constantFrom(...Object.values(sequences).flat(), 'a', 'ä', '😀', '1', ';')
// A lone Escape, or one before what would go on from it, is another key.
const isPlain = (texts: readonly string[]): boolean => !texts.some(text => text === '\u001b')

test('where the terminal breaks its text makes no difference', t => {
  fc.assert(
    fc.property(fc.array(known).filter(isPlain), fc.nat(), (texts, at) => {
      const whole = texts.join('')
      // Streams decode UTF-8 themselves, so a character always comes whole.
      const characters = [...whole]
      const middle = at % (characters.length + 1)
      const first = decodeKeys(characters.slice(0, middle).join(''), { ended: false })
      const second = decodeKeys(first.rest + characters.slice(middle).join(''), { ended: false })
      t.deepEqual([...first.keys, ...second.keys].map(show), decode(whole))
    }),
  )
})

test('whatever is sent, reading it comes to an end and leaves nothing', t => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => {
      t.is(decodeKeys(text, { ended: true }).rest, '')
    }),
  )
})
