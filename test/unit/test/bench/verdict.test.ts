import test from 'ava'
import type { Figure } from '../../../bench/figure.ts'
import { renderMarkdown, renderText } from '../../../bench/table.ts'
import { planResults } from '../../../bench/verdict.ts'

const floor: Figure = { name: 'floor', unit: 'ms', about: 'a floor' }

test('a ratio is the median of the rounds over that of the floor', t => {
  const figure: Figure = { name: 'f', unit: 'ms', about: 'f', bars: [{ atMost: 2, times: 'floor' }] }
  const rounds = [{ floor: 10 }, { f: 5 }, { floor: 30 }, { f: 60 }, { floor: 20 }, { f: 39 }]
  const [, result] = planResults([floor, figure], rounds)
  t.like(result, { rounds: [5, 60, 39], min: 5, median: 39, max: 60, value: 39 })
  t.deepEqual(result?.bars, [
    { text: '<= 2 x floor', limit: 40, against: { name: 'floor', value: 20, ratio: 1.95 }, holds: true },
  ])
})

test('a limit may be so much more than another figure', t => {
  const figure: Figure = { name: 'f', unit: 'ms', about: 'f', bars: [{ atMost: 1, times: 'floor', plus: 0.5 }] }
  const barOf = (f: number) => planResults([floor, figure], [{ floor: 10, f }])[1]?.bars[0]
  t.like(barOf(10.5), { text: '<= 1 x floor + 0.5', limit: 10.5, holds: true })
  t.is(barOf(10.6)?.holds, false)
})

test('samples are pooled over all rounds', t => {
  const common = { unit: 'ms', about: '', reading: 'create' } as const
  const figures: Figure[] = [
    { ...common, name: 'create.p50', statistic: 'p50', bars: [{ atMost: 3 }] },
    { ...common, name: 'create.max', statistic: 'max', bars: [{ atMost: 40 }] },
  ]
  const [p50, max] = planResults(figures, [{ create: [1, 2, 9] }, { create: [3, 41, 2] }])
  t.like(p50, { value: 2, samples: 6, rounds: [2, 3] })
  t.is(p50?.bars[0]?.holds, true)
  t.like(max, { value: 41 })
  t.is(max?.bars[0]?.holds, false)
})

test('at least: a smaller value misses', t => {
  const figure: Figure = { name: 'rps', unit: '1/s', about: '', bars: [{ atLeast: 0.75, times: 'floor' }] }
  t.is(planResults([floor, figure], [{ floor: 100, rps: 74 }])[1]?.bars[0]?.holds, false)
  t.is(planResults([floor, figure], [{ floor: 100, rps: 75 }])[1]?.bars[0]?.holds, true)
})

test('a figure without readings is left out, and what refers to it is not judged', t => {
  const figure: Figure = { name: 'f', unit: 'ms', about: '', bars: [{ atMost: 2, times: 'floor' }] }
  const results = planResults([floor, figure], [{ f: 1 }])
  t.deepEqual(
    results.map(({ name }) => name),
    ['f'],
  )
  t.is(results[0]?.bars[0]?.holds, null)
  t.regex(renderText(results), /not judged/)
})

test('the tables have a row for each bar', t => {
  const bars = [{ atMost: 2, times: 'floor' }, { atMost: 12 }]
  const results = planResults([floor, { name: 'f', unit: 'ms', about: '', bars }], [{ floor: 1, f: 3 }])
  t.is(renderText(results).split('\n').length, 4)
  const [head, line, ...rows] = renderMarkdown(results).split('\n')
  t.is(head?.split('|').length, line?.split('|').length)
  t.is(rows.length, 3)
  t.regex(rows[1] ?? '', /^\| f \| ms \| 3.00 .* 3.00 \| MISSED \|$/)
  t.regex(rows[2] ?? '', /holds \|$/)
})
