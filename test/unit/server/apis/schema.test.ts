/** What an API takes from a body, what it adds, and how it is shown. */
import test from 'ava'
import fc from 'fast-check'
import { parseTerms } from '../../../../server/apis/schema.ts'

const body = (fields: object = {}) => ({ name: 'a', function: 'f', ...fields })

test('an API that says nothing but its function is disabled and restricts nothing', t => {
  t.deepEqual(parseTerms('org', body()), {
    function: 'f',
    authentication: '',
    enabled: false,
    hosts: [],
    uris: [],
    methods: [],
    protocols: [],
    tls: '',
    cors: false,
  })
})

const uris: [string, string][] = [
  ['/hello', '/org/hello'],
  ['hello', '/org/hello'],
  ['//hello', '/org//hello'],
  ['/', '/org/'],
  ['', '/org/'],
  ['/org', '/org/org'],
  ['/org/hello', '/org/hello'],
  ['org/hello', '/org/org/hello'],
  ['/organ/hello', '/org/organ/hello'],
]
for (const [given, expected] of uris) {
  test(`without hosts, the path ${JSON.stringify(given)} lies at ${expected}`, t => {
    t.deepEqual(parseTerms('org', body({ uris: [given] })).uris, [expected])
  })
}

test('with hosts, paths are as given', t => {
  const given = uris.map(([uri]) => uri)
  t.deepEqual(parseTerms('org', body({ uris: given, hosts: ['example.com'] })).uris, given)
})

test('methods are in upper case, protocols and hosts as given', t => {
  const terms = parseTerms('org', body({ methods: ['get', 'Post'], protocols: ['HTTP'], hosts: ['Example.COM'] }))
  t.deepEqual([terms.methods, terms.protocols, terms.hosts], [['GET', 'POST'], ['HTTP'], ['Example.COM']])
})

test('defect "prefix added again": whatever was stored comes back as it is when it is sent again', t => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.array(fc.string()), (org, given) => {
      const once = parseTerms(org, body({ uris: given }))
      t.deepEqual(parseTerms(org, body(once)), once)
    }),
  )
})
