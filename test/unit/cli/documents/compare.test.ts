/** What it would change to apply a document: only what means something else. */
import test from 'ava'
import { compareObject } from '../../../../cli/documents/compare.ts'
import { objectOf, parseJson } from '../../../../cli/format/json.ts'
import { resources } from '../../../../cli/resources.ts'

const objectFrom = (value: object) => objectOf(parseJson(JSON.stringify(value)))
const compare = (kind: keyof typeof resources | 'api', before: object | undefined, after: object) => {
  const model = { hosts: { type: 'texts' }, methods: { type: 'texts' }, uris: { type: 'texts' } } as const
  const resource = kind === 'api' ? { ...resources.function, kind: 'API', model } : resources[kind]
  return compareObject(before && objectFrom(before), objectFrom(after), { resource, organization: 'org' })
}

test('what is empty, absent or null is the same; so is what only the server sets', t => {
  const before = { name: 'i', status: 'READY', language: 'x', groups: [], systemDependencies: { packages: null } }
  t.deepEqual(compare('image', before, { name: 'i', kind: 'Image', tags: null }), {
    change: 'unchanged',
    diff: '',
    code: 'none',
  })
  t.is(compare('image', undefined, { name: 'i' }).change, 'created')
})

test('an API is the same under its organization, in lower case and without its first slash', t => {
  const before = { uris: ['/org/a', '/org/b'], methods: ['GET', 'POST'] }
  t.is(compare('api', before, { uris: ['a', '/b'], methods: ['get', 'Post'] }).change, 'unchanged')
  t.is(compare('api', before, { uris: ['/b', '/a'], methods: ['GET', 'POST'] }).change, 'changed')
})

test('code counts as a change, without a diff', t => {
  const before = { name: 'f', image: 'i' }
  t.deepEqual(compare('function', before, { ...before, source: 'AAAA', sourcePath: 'a.py' }), {
    change: 'changed',
    diff: '',
    code: 'unknown',
  })
  t.is(compare('function', before, before).change, 'unchanged')
})

test('of the values of secrets it is only said which differ', t => {
  const before = { name: 's', secrets: { same: 'hidden-1', other: 'hidden-2', gone: 'hidden-3' } }
  const after = { name: 's', secrets: { same: 'hidden-1', other: 'hidden-4', more: 'hidden-5' } }
  const { change, diff } = compare('secret', before, after)
  t.is(change, 'changed')
  t.notRegex(diff, /hidden-/)
  t.deepEqual(diff.match(/^[-+] .*$/gm), [
    '-  gone: <hidden>',
    '-  other: <hidden>',
    '+  more: <hidden>',
    '+  other: <hidden, another value>',
  ])
  t.is(compare('secret', before, before).change, 'unchanged')
})
