/** What a misspelt name was meant to be. */
import test from 'ava'
import fc from 'fast-check'
import { editDistance, nearest } from '../../../../server/config/nearest.ts'

test('the distance counts insertions, deletions and replacements', t => {
  t.is(editDistance('', ''), 0)
  t.is(editDistance('kitten', 'sitting'), 3)
  t.is(editDistance('port', 'prot'), 2)
  t.is(editDistance('abc', ''), 3)
})

test('the distance is a metric', t => {
  const word = fc.string({ maxLength: 8, unit: fc.constantFrom('a', 'b', 'c') })
  fc.assert(
    fc.property(word, word, word, (a, b, c) => {
      t.is(editDistance(a, b), editDistance(b, a))
      t.is(editDistance(a, b) === 0, a === b)
      t.true(editDistance(a, c) <= editDistance(a, b) + editDistance(b, c))
    }),
  )
})

test('the nearest name wins, also across sections', t => {
  t.is(nearest('db-flie', ['host', 'db-file', 'debug']), 'db-file')
  t.is(nearest('gateway-port', ['gateway-tls-port', 'local.gateway-port']), 'local.gateway-port')
  t.is(nearest('x', []), undefined)
})
