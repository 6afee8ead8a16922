import test from 'ava'
import fc from 'fast-check'
import { cleanText } from '../../../../cli/format/terminal.ts'

test('lines and tabs stay, everything that moves a cursor or renames a window goes', t => {
  t.is(cleanText('a\tb\nc'), 'a\tb\nc')
  t.is(cleanText('\u001b[2Jx\r\u009b31my\u0007\u007f\u0000'), '[2Jx31my')
})

test('what is clean stays as it is; what is not gets clean at once', t => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => {
      const cleaned = cleanText(text)
      t.is(cleanText(cleaned), cleaned)
      t.notRegex(cleaned.replace(/[\n\t]/g, ''), /\p{Cc}/u)
    }),
  )
})
