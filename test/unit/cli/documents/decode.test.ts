import test from 'ava'
import fc from 'fast-check'
import { stringify } from 'yaml'
import { decodeModel } from '../../../../cli/documents/decode.ts'
import { parseDocuments } from '../../../../cli/documents/tree.ts'
import { renderJson } from '../../../../cli/format/json.ts'
import type { Model } from '../../../../cli/format/model.ts'

const model: Model = {
  text: { type: 'text' },
  count: { type: 'int' },
  flag: { type: 'bool' },
  list: { type: 'texts' },
  free: { type: 'any' },
  words: { type: 'textMap' },
  inner: { type: { text: { type: 'text' } } },
}

const decode = (text: string) => parseDocuments(text, 'f').map(({ tree }) => renderJson(decodeModel(model, tree)))

test('text is the text that is written', t => {
  for (const word of [
    '2',
    'yes',
    'y',
    'no',
    '0777',
    '0x10',
    '.5',
    '1_000',
    '1.0',
    '3.14159265358979',
    '1e3',
    '1:30',
    'True',
    '2020-01-01',
  ])
    t.deepEqual(decode(`text: ${word}`), [`{"text":"${word}"}`])
  t.deepEqual(decode('text:\n---\ntext: ~\n---\ntext: "~"\n'), ['{"text":""}', '{"text":""}', '{"text":"~"}'])
  t.deepEqual(decode('text: |\n  -----BEGIN KEY-----\n  a---b\n'), ['{"text":"-----BEGIN KEY-----\\na---b\\n"}'])
})

test('the values of a map of texts are the texts that are written', t => {
  t.deepEqual(decode('words: {a: 1.0, b: no, c: ~, d: "x"}'), ['{"words":{"a":"1.0","b":"no","c":"","d":"x"}}'])
})

test('free values follow the core rules of YAML 1.2, numbers by their digits', t => {
  t.deepEqual(decode('free: [yes, true, ~, 1.0, 1e3, 0x10, 0o17, .5, +7, 12345678901234567890, "5", 1:30]'), [
    '{"free":["yes",true,null,1.0,1e3,16,15,0.5,7,12345678901234567890,"5","1:30"]}',
  ])
})

test('keys match whatever their case, unknown ones are passed over, the last of two counts', t => {
  t.deepEqual(decode('TEXT: a\nsurprise: {x: 1}\nText: b\n'), ['{"text":"b"}'])
})

test('anchors, merges, CRLF, JSON and several documents work; an alias bomb does not', t => {
  t.deepEqual(
    decode(
      'free: &a {x: 1}\ninner: {<<: {text: m}}\nlist: [a, 1]\r\ncount: 5\r\nflag: true\n...\n---\n# nothing\n---\n',
    ),
    ['{"free":{"x":1},"inner":{"text":"m"},"list":["a","1"],"count":5,"flag":true}'],
  )
  t.deepEqual(decode('{"free": {"a": [1]}, "count": 7}'), ['{"free":{"a":[1]},"count":7}'])
  const level = (name: string, below: string) => `${name}: &${name} [${`*${below},`.repeat(12)}]\n`
  const bomb = `a: &a [x]\n${level('b', 'a')}${level('c', 'b')}${level('d', 'c')}${level('e', 'd')}free: ${level('f', 'e').slice(3)}`
  t.throws(() => decode(bomb), { message: /after expansion of the aliases/ })
})

for (const [text, message] of [
  ['text: [a]', 'line 1: text must be text'],
  ['a: 1\ncount: 1.5', 'line 2: count must be a whole number'],
  ['flag: yes', 'line 1: flag must be true or false'],
  ['list: a', 'line 1: list must be a list of texts'],
  ['inner:\n  text: {}', 'line 2: inner.text must be text'],
  ['words:\n  a: {b: hidden}', 'line 2: words.a must be text'],
  ['words: [hidden]', 'line 1: words must be a map'],
  ['- a', 'line 1: the document must be a map'],
] as const)
  test(`refused: ${JSON.stringify(text)}`, t => {
    t.throws(() => decode(text), { message })
  })

test('whatever text is written as YAML comes back', t => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), text => {
      t.deepEqual(decode(stringify({ text })), [renderJson({ text })])
    }),
  )
})
