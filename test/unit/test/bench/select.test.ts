import test from 'ava'
import type { Figure, Group } from '../../../bench/figure.ts'
import { figuresOf, planGroups, planWanted } from '../../../bench/select.ts'
import { takeGroup } from '../../../bench/take.ts'

const figure = (name: string, more: Partial<Figure> = {}): Figure => ({ name, unit: 'ms', about: name, ...more })
const measurement = (figures: Figure[], round: () => Promise<Record<string, number>> = async () => ({})) => ({
  figures,
  prepare: async () => round,
})
const groups: Group[] = [
  { name: 'g', rounds: 1, measurements: [measurement([figure('floor.a')]), measurement([figure('floor.b')])] },
  {
    name: 'h',
    rounds: 1,
    measurements: [
      measurement([figure('x.one', { bars: [{ atMost: 1, times: 'floor.b' }] })]),
      measurement([figure('y')]),
    ],
  },
]

const quietly = {
  rounds: undefined,
  settle: async () => undefined,
  onProgress: () => undefined,
  signal: new AbortController().signal,
}

test('a prefix asks for its figures and for the floors that these refer to', t => {
  const wanted = planWanted(figuresOf(groups), ['x.'])
  t.deepEqual([...wanted].sort(), ['floor.b', 'x.one'])
  const planned = planGroups(groups, wanted)
  t.deepEqual(
    figuresOf(planned).map(({ name }) => name),
    ['floor.b', 'x.one'],
  )
})

test('no prefix asks for everything, an unknown one for nothing', t => {
  t.is(planWanted(figuresOf(groups), []).size, 4)
  t.is(planWanted(figuresOf(groups), ['z']).size, 0)
})

test('a measurement that meets an error is refused with the rounds that it had; the others go on', async t => {
  let calls = 0
  const failing = measurement([figure('bad')], async () => {
    calls += 1
    if (calls === 2) throw new Error('HTTP 503')
    return { bad: 1 }
  })
  const good = measurement([figure('good')], async () => ({ good: 2 }))
  const closed: string[] = []
  const opening = {
    figures: [figure('opened')],
    prepare: async (scope: { defer(close: () => unknown): void }) => {
      scope.defer(() => closed.push('first'))
      scope.defer(() => closed.push('second'))
      return async () => ({ opened: 3 })
    },
  }
  const group: Group = { name: 'g', rounds: 3, measurements: [failing, good, opening] }
  const taken = await takeGroup(group, quietly)
  t.deepEqual(taken.refusals, [{ figures: ['bad'], cause: 'HTTP 503' }])
  t.is(taken.rounds.filter(round => 'bad' in round).length, 0)
  t.is(taken.rounds.filter(round => 'good' in round).length, 3)
  t.deepEqual(closed, ['second', 'first'])
})

test('a group that is stopped closes what it opened, whatever hangs', async t => {
  const stop = new AbortController()
  const closed: string[] = []
  const hanging = {
    figures: [figure('hanging')],
    prepare: async (scope: { defer(close: () => unknown): void }) => {
      scope.defer(() => closed.push('opened'))
      return () => {
        stop.abort(new Error('stopped'))
        return new Promise<never>(() => undefined)
      }
    },
  }
  const group: Group = { name: 'g', rounds: 3, measurements: [hanging, measurement([figure('next')])] }
  const taken = await takeGroup(group, { ...quietly, signal: stop.signal })
  t.deepEqual(
    taken.refusals.map(({ figures, cause }) => [figures, cause]),
    [
      [['hanging'], 'stopped'],
      [['next'], 'stopped'],
    ],
  )
  t.deepEqual(closed, ['opened'])
})
