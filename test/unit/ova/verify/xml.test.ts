import test from 'ava'
import fc from 'fast-check'
import { type ParsedElement, parseXml, XmlProblem } from '../../../../ova/verify/xml.ts'
import { element, renderXml, type XmlElement } from '../../../../ova/xml.ts'

const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_.-]{0,8}$/)
const text = fc
  .string({ unit: 'grapheme' })
  .filter(value => !/[^\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u.test(value))
const { tree } = fc.letrec<{ tree: XmlElement }>(tie => ({
  tree: fc
    .record({
      name,
      attributes: fc.dictionary(name, text, { noNullPrototype: true, maxKeys: 3 }),
      content: fc.oneof({ depthSize: 'small' }, text, fc.array(tie('tree'), { maxLength: 3 })),
    })
    .map(({ name: elementName, attributes, content }) => element(elementName, attributes, content)),
}))

function sameAs(parsed: ParsedElement, rendered: XmlElement): boolean {
  const attributes = Object.entries(rendered.attributes)
  if (parsed.name !== rendered.name || parsed.attributes.size !== attributes.length) return false
  if (attributes.some(([key, value]) => parsed.attributes.get(key) !== value)) return false
  if (typeof rendered.content === 'string') return parsed.text === rendered.content
  const children = rendered.content
  return (
    parsed.children.length === children.length &&
    children.every((child, at) => {
      const twin = parsed.children[at]
      return twin !== undefined && sameAs(twin, child)
    })
  )
}

test('what is rendered is parsed as it was', t => {
  fc.assert(fc.property(tree, rendered => sameAs(parseXml(renderXml(rendered)), rendered)))
  t.pass()
})

test('whatever the text, parsing ends with elements or with a problem and its place', t => {
  const snippet = fc.constantFrom('<a>', '</a>', '<a b="', '"', '/>', '&', '&amp;', '<!--', '<![CDATA[', '<?x?>', 'x')
  fc.assert(
    fc.property(fc.array(snippet), snippets => {
      const source = snippets.join('')
      try {
        return parseXml(source).name === 'a'
      } catch (thrown) {
        return thrown instanceof XmlProblem && thrown.offset >= 0 && thrown.offset <= source.length
      }
    }),
  )
  t.pass()
})

const refused = test.macro((t, source: string, message: RegExp) => {
  t.throws(() => parseXml(source), { instanceOf: XmlProblem, message })
})

test('an own entity', refused, '<a>&x;</a>', /entity/)
test('a bare ampersand', refused, '<a b="x & y"/>', /entity/)
test('CDATA', refused, '<a><![CDATA[x]]></a>', /CDATA are refused/)
test('an instruction', refused, '<a><?php?></a>', /neither text nor an element/)
test('two roots', refused, '<a/><b/>', /follows the root/)
test('crossed tags', refused, '<a><b></a></b>', /a ends where b is open/)
test('an attribute twice', refused, '<a b="1" b="2"/>', /twice/)
test('a tag without its end', refused, '<a b="1"', /not closed/)
test('an open element', refused, '<a>', /neither text nor an element/)
test('too deep', refused, '<a>'.repeat(100), /more than 32/)
