/** Who gives way where there are too few rows. */
import test from 'ava'
import fc from 'fast-check'
import { fold, foldList, type Section } from '../../../../provisioning/console/fold.ts'

const dear: Section = { forms: [['dear 1', 'dear 2'], ['dear']], priority: 2 }
const cheap: Section = { forms: [['cheap 1', 'cheap 2', 'cheap 3'], ['cheap']], priority: 1 }

test('the cheaper section shrinks first, then the dearer one, then they go in that order', t => {
  const at = (rows: number) => fold([cheap, dear], rows)
  t.deepEqual(at(5), ['cheap 1', 'cheap 2', 'cheap 3', 'dear 1', 'dear 2'])
  t.deepEqual(at(4), ['cheap', 'dear 1', 'dear 2'])
  t.deepEqual(at(2), ['cheap', 'dear'])
  t.deepEqual(at(1), ['dear'])
  t.deepEqual(at(0), [])
})

test('a list keeps its first items whole, and counts the others', t => {
  const forms = foldList([['a'], ['b 1', 'b 2'], ['c']], 1, count => `+${count}`)
  t.deepEqual(forms, [
    ['a', 'b 1', 'b 2', 'c'],
    ['a', '+2'],
  ])
})

test('there are never more lines than rows', t => {
  const section = fc.record({
    forms: fc.array(fc.array(fc.string(), { maxLength: 9 }), { minLength: 1, maxLength: 4 }),
    priority: fc.nat(5),
  })
  fc.assert(
    fc.property(fc.array(section), fc.nat(30), (sections, rows) => {
      t.true(fold(sections, rows).length <= rows)
    }),
  )
})
