import test from 'ava'
import fc from 'fast-check'
import { parseManifest, renderManifest } from '../../../ova/manifest.ts'

const sha256 = '0123456789abcdef'.repeat(4)
const entries = fc.array(
  fc.record({ name: fc.stringMatching(/^[A-Za-z0-9._-]{1,20}$/), sha256: fc.stringMatching(/^[0-9a-f]{64}$/) }),
)

test('the form is exact', t => {
  t.is(renderManifest([{ name: 'a.ovf', sha256 }]), `SHA256(a.ovf)= ${sha256}\n`)
})

test('what is rendered is parsed as it was, with the place of each line', t => {
  fc.assert(
    fc.property(entries, list => {
      const text = renderManifest(list)
      const lines = parseManifest(text)
      t.deepEqual(
        lines.map(({ entry }) => entry),
        list,
      )
      for (const line of lines) t.is(text.slice(line.offset, line.offset + line.text.length), line.text)
    }),
  )
})

const refused = test.macro((t, line: string) => {
  t.is(parseManifest(line)[0]?.entry, undefined)
})

test('a blank before the bracket', refused, `SHA256 (a)= ${sha256}\n`)
test('a blank before the equals sign', refused, `SHA256(a) = ${sha256}\n`)
test('the name OpenSSL 3 gives', refused, `SHA2-256(a)= ${sha256}\n`)
test('SHA1', refused, `SHA1(a)= ${sha256.slice(0, 40)}\n`)
test('no blank behind the equals sign', refused, `SHA256(a)=${sha256}\n`)
test('upper case', refused, `SHA256(a)= ${sha256.toUpperCase()}\n`)
test('Windows line ends', refused, `SHA256(a)= ${sha256}\r\n`)
test('no line end', refused, `SHA256(a)= ${sha256}`)
test('an empty line', refused, '\n')
