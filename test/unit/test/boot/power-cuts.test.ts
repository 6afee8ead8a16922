import test from 'ava'
import { createRandom } from '../../../boot/power-cuts.ts'

const take = (seed: number, count: number): number[] => {
  const random = createRandom(seed)
  return Array.from({ length: count }, () => random.next().value)
}

test('a seed gives the same moments again, another one others, all within a boot and over all of it', t => {
  const numbers = take(1, 1000)
  t.deepEqual(take(1, 1000), numbers)
  t.notDeepEqual(take(2, 1000), numbers)
  t.true(numbers.every(number => number >= 0 && number < 1))
  for (const part of [0, 1, 2, 3]) t.true(numbers.some(number => Math.floor(number * 4) === part))
})
