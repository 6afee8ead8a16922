/** Lists narrowed by tags. */
import test from 'ava'
import { hasTags } from '../../../../server/core/tags.ts'

const tags = [
  { key: 'role', value: 'test' },
  { key: 'a=b', value: 'c=d' },
  { key: '', value: 'nameless' },
]

const cases: [string[], boolean][] = [
  [[], true],
  [['role'], true],
  [['role=test'], true],
  [['role=other'], false],
  [['test'], false],
  [['role', 'a=b'], true],
  [['role', 'missing'], false],
  [['role='], false],
  [['=nameless'], true],
  [[''], true],
]
for (const [wanted, expected] of cases) {
  test(`${JSON.stringify(wanted)} ${expected ? 'keeps' : 'leaves out'} the entity`, t => {
    t.is(hasTags({ tags }, wanted), expected)
  })
}

test('an entity without tags is in a list that asks for none, and in no other', t => {
  t.true(hasTags({ tags: null }, []))
  t.false(hasTags({ tags: null }, ['']))
})
