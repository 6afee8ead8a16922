/** Turns: in order within a function, fair between functions, bounded, and given back when there is no room. */
import test from 'ava'
import { createRunQueue, type RunQueueOptions } from '../../../../server/runs/queue.ts'
import type { WaitingRun } from '../../../../server/store/port.ts'
import { until } from '../../../helpers/wait.ts'

const run = (functionId: string, number: number): WaitingRun => ({
  name: `${functionId}${number}`,
  org: 'o',
  functionName: functionId,
  functionId,
})

/** A queue whose turns end one by one, by `end(name)`. */
function prepare(bounds: Partial<RunQueueOptions> = {}) {
  const begun: string[] = []
  const ends = new Map<string, (pauseMs: number | undefined) => void>()
  const takeTurn = ({ name }: WaitingRun) => {
    begun.push(name)
    const { promise, resolve } = Promise.withResolvers<number | undefined>()
    ends.set(name, resolve)
    return promise
  }
  const queue = createRunQueue({ takeTurn, maxActive: 100, maxActiveOfFunction: 100, ...bounds })
  const add = (functionId: string, count: number, first = 1) => {
    for (let index = 0; index < count; index += 1) queue.add(run(functionId, first + index))
  }
  const end = async (name: string, pauseMs?: number) => {
    ends.get(name)?.(pauseMs)
    await new Promise(setImmediate)
  }
  return { queue, begun, add, end }
}

test('one function has its turns in order, and never more at once than it may', async t => {
  const { queue, begun, add, end } = prepare({ maxActiveOfFunction: 2 })
  add('a', 4)
  t.deepEqual(begun, ['a1', 'a2'])
  t.deepEqual([queue.waiting, queue.active], [2, 2])
  await end('a2')
  await end('a1')
  t.deepEqual(begun, ['a1', 'a2', 'a3', 'a4'])
  t.deepEqual([queue.waiting, queue.active], [0, 2])
})

test('functions take turns, however many runs one of them has', async t => {
  const { begun, add, end } = prepare({ maxActive: 1 })
  add('a', 50)
  add('b', 2)
  add('c', 1)
  for (let index = 0; index < 6; index += 1) await end(begun.at(-1) ?? '')
  t.deepEqual(begun, ['a1', 'a2', 'b1', 'c1', 'a3', 'b2', 'a4'])
})

test('a run without room goes back to its place, and only its function rests', async t => {
  const { queue, begun, add, end } = prepare({ maxActiveOfFunction: 2 })
  add('a', 4)
  await end('a2', 20)
  await end('a1', 20)
  t.deepEqual([queue.waiting, queue.active], [4, 0])
  add('b', 1)
  t.deepEqual(begun, ['a1', 'a2', 'b1'])
  await until('it goes on', async () => begun.length === 5)
  t.deepEqual(begun.slice(3), ['a1', 'a2'])
})

test('stopping begins nothing more and waits for what is under way', async t => {
  const { queue, begun, add, end } = prepare({ maxActive: 1 })
  add('a', 2)
  let stopped = false
  const stopping = queue.stop().then(() => {
    stopped = true
  })
  add('b', 1)
  await new Promise(setImmediate)
  t.false(stopped)
  await end('a1', 1)
  await stopping
  t.deepEqual(begun, ['a1'])
  t.is(queue.waiting, 3)
})
