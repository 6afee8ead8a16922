import test from 'ava'
import fc from 'fast-check'
import { pickName } from '../../../cli/random-name.ts'

test('a made-up name is one that event drivers may have, whatever chance gives', t => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { minLength: 3 }), chances => {
      const rest = [...chances]
      const randomBelow = (count: number) => Math.floor((rest.shift() ?? 0) * count)
      t.regex(pickName({ randomBelow }), /^[a-z]+-[a-z]+-[1-9]\d{5}$/)
    }),
  )
})
