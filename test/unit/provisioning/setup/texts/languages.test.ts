/** Both catalogues say the same, with the same values; and a browser is answered in the language that it likes. */
import test from 'ava'
import { english } from '../../../../../provisioning/setup/texts/english.ts'
import { german } from '../../../../../provisioning/setup/texts/german.ts'
import { chooseLanguage, createSay } from '../../../../../provisioning/setup/texts/languages.ts'

const valuesIn = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name).toSorted()

test('both catalogues have the same texts with the same values, and none is missing', t => {
  t.deepEqual(Object.keys(german).toSorted(), Object.keys(english).toSorted())
  for (const [key, text] of Object.entries(english)) {
    const other = Reflect.get(german, key)
    t.deepEqual(valuesIn(other), valuesIn(text), key)
    t.is(other === '', text === '', key)
  }
})

test('a value stands where the text names it', t => {
  const say = createSay({ ...english, product: '{version} $& {version} {other}' })
  t.is(say('product', { version: '$1' }), '$1 $& $1 {other}')
})

for (const [asked, accepted, id] of [
  [undefined, undefined, 'en'],
  [undefined, 'de-CH, de;q=0.9, en;q=0.8', 'de'],
  [undefined, 'fr, en;q=0.3, de;q=0.7', 'de'],
  [undefined, 'de;q=0, en;q=0.1', 'en'],
  [undefined, 'fr', 'en'],
  ['de', 'en', 'de'],
  ['xx', 'de', 'de'],
  [['de', 'en'], 'en', 'en'],
  [undefined, `${'x,'.repeat(10_000)}de`, 'en'],
] as const)
  test(`asked for ${asked} and accepting ${accepted?.slice(0, 40)}: ${id}`, t => {
    t.is(chooseLanguage(asked, accepted).id, id)
  })
