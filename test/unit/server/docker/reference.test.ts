/** References are read by Docker's grammar; what is not one never gets into the path of a request. */
import test from 'ava'
import fc from 'fast-check'
import { parseReference } from '../../../../server/docker/reference.ts'

const hex = 'ab12'.repeat(16)

const accepted: [string, object][] = [
  ['a', { kind: 'name', name: 'a' }],
  ['a/b:1', { kind: 'name', name: 'a/b', tag: '1' }],
  ['registry:5000/a/b', { kind: 'name', name: 'registry:5000/a/b' }],
  ['registry:5000/a-b/c__d:V_1.0', { kind: 'name', name: 'registry:5000/a-b/c__d', tag: 'V_1.0' }],
  ['Registry.example.com/a', { kind: 'name', name: 'Registry.example.com/a' }],
  ['localhost/a', { kind: 'name', name: 'localhost/a' }],
  ['[::1]:5000/a:1', { kind: 'name', name: '[::1]:5000/a', tag: '1' }],
  [`a@sha256:${hex}`, { kind: 'name', name: 'a', digest: `sha256:${hex}` }],
  [`r:5000/a:1@sha256:${hex}`, { kind: 'name', name: 'r:5000/a', tag: '1', digest: `sha256:${hex}` }],
  [`sha256:${hex}`, { kind: 'id', id: `sha256:${hex}` }],
  ['a'.repeat(255), { kind: 'name', name: 'a'.repeat(255) }],
]
for (const [text, expected] of accepted) {
  test(`${text} is one`, t => {
    t.deepEqual(parseReference(text), expected)
  })
}

const refused = [
  ...['', ' ', '/', '/x', 'x/', 'x//y', '//x', '.', '..', 'a/../b', '../containers', 'a/./b', './a'],
  ...['A', 'Team/a', 'a/B', 'a b', 'a\n', 'a?all=1', 'a#b', 'a%2fb', 'a\\b', 'ä', 'a:', ':1', 'a:b:c', 'a:.1', 'a@'],
  ...['http://a/b', 'a@sha256:12', 'a..b', 'a___b', '-a', 'a-', '.example/a', `a:${'1'.repeat(129)}`, 'a'.repeat(256)],
]
for (const text of refused) {
  test(`${JSON.stringify(text.slice(0, 20))} (${text.length} characters) is none`, t => {
    t.is(parseReference(text), undefined)
  })
}

const word = fc.stringMatching(/^[a-z0-9]{1,8}$/)
const path = fc
  .array(fc.tuple(word, fc.constantFrom('.', '_', '__', '-', '---'), word), { minLength: 1, maxLength: 4 })
  .map(parts => parts.map(part => part.join('')).join('/'))
const registry = fc.constantFrom('', 'localhost/', 'registry:5000/', 'r.example.com/', '10.0.0.1:99/')
const parts = fc.record({
  name: fc.tuple(registry, path).map(both => both.join('')),
  tag: fc.option(fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,20}$/), { nil: undefined }),
  digest: fc.option(fc.constant(`sha256:${hex}`), { nil: undefined }),
})

test('the parts of what is written come out again', t => {
  const property = fc.property(parts, ({ name, tag, digest }) => {
    const text = `${name}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`
    const found = parseReference(text)
    t.is(found?.kind, 'name')
    t.deepEqual({ tag: undefined, digest: undefined, ...found }, { kind: 'name', name, tag, digest })
  })
  t.notThrows(() => fc.assert(property))
})

test('whatever is accepted stays one path below /images/', t => {
  const hostile = fc.string({ unit: fc.constantFrom(...'aB1/.:@?#%[]-_ '), maxLength: 12 })
  const property = fc.property(fc.oneof(hostile, fc.string()), text => {
    if (!parseReference(text)) return
    t.is(new URL(`/images/${text}/json`, 'http://docker').pathname, `/images/${text}/json`)
  })
  t.notThrows(() => fc.assert(property, { numRuns: 2000 }))
})
