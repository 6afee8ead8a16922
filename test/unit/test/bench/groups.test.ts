import test from 'ava'
import { groups } from '../../../bench/groups.ts'
import { figuresOf } from '../../../bench/select.ts'

const figures = figuresOf(groups)
const names = figures.map(({ name }) => name)

test('each figure has a name of its own', t => {
  t.deepEqual(names, [...new Set(names)])
  t.true(names.length > 40)
})

test('bars and floors refer to figures that are taken', t => {
  const references = figures.flatMap(({ bars = [], beside }) => [...bars.flatMap(bar => bar.times ?? []), beside ?? []])
  t.deepEqual(
    references.flat().filter(name => !names.includes(name)),
    [],
  )
})

test('figures of one reading differ in their statistic, so that none is shown twice', t => {
  const keys = figures.map(({ name, reading = name, statistic = '-' }) => `${reading} ${statistic}`)
  t.deepEqual(keys, [...new Set(keys)])
})
