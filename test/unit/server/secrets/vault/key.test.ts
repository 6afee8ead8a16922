/** The text of a key file, read and written. */
import test from 'ava'
import { createKey, parseKeys, renderKeys } from '../../../../../server/secrets/vault/key.ts'

test('keys come back from their text in their order, whatever stands between them', t => {
  const keys = [createKey(), createKey(), createKey()]
  t.deepEqual(parseKeys(renderKeys(keys)), keys as unknown as ReturnType<typeof parseKeys>)
  t.deepEqual(parseKeys(`\r\n# note\r\n${renderKeys(keys).replaceAll('\n', ' \r\n\r\n')}`).length, 3)
})

test('the id of a key stays the same and tells nothing of the key', t => {
  const [key] = parseKeys(Buffer.alloc(32, 1).toString('base64'))
  t.is(key.id, parseKeys(renderKeys([key]))[0].id)
  t.regex(key.id, /^[0-9a-f]{16}$/)
  t.not(key.id, key.bytes.toString('hex').slice(0, 16))
})

const refused: [string, string, string][] = [
  ['nothing', '', 'it holds no key'],
  ['notes alone', '# a\n\n', 'it holds no key'],
  ['a key that is too short', `# a\n${Buffer.alloc(31, 7).toString('base64')}`, 'line 2 is no key'],
  ['a key that is too long', Buffer.alloc(33, 7).toString('base64'), 'line 1 is no key'],
  ['what is not base64', `${Buffer.alloc(32, 7).toString('base64').slice(0, -2)}!=`, 'line 1 is no key'],
]
for (const [title, text, message] of refused)
  test(`${title} is refused without a word of what it holds`, t => {
    const thrown = t.throws(() => parseKeys(text))
    t.true(thrown?.message.startsWith(message))
    t.notRegex(thrown?.message ?? '', /BwcH/)
  })
