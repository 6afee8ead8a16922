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
  let concurrency = 100
  const takeTurn: RunQueueOptions['takeTurn'] = async ({ name }, mayHave) => {
    begun.push(name)
    const { promise, resolve } = Promise.withResolvers<number | undefined>()
    ends.set(name, resolve)
    await undefined
    mayHave(concurrency)
    return promise
  }
  const queue = createRunQueue({ takeTurn, maxActive: 100, maxActiveInAll: 100, maxActiveOfFunction: 100, ...bounds })
  const add = async (functionId: string, count: number) => {
    for (let index = 1; index <= count; index += 1) queue.add(run(functionId, index))
    await new Promise(setImmediate)
  }
  const answers = (count: number) => {
    concurrency = count
  }
  const end = async (name: string, pauseMs?: number) => {
    ends.get(name)?.(pauseMs)
    await new Promise(setImmediate)
  }
  return { queue, begun, add, end, answers }
}

test('one function has its turns in order, and never more at once than it may', async t => {
  const { queue, begun, add, end } = prepare({ maxActiveOfFunction: 2 })
  await add('a', 4)
  t.deepEqual(begun, ['a1', 'a2'])
  t.deepEqual([queue.waiting, queue.active], [2, 2])
  await end('a2')
  await end('a1')
  t.deepEqual(begun, ['a1', 'a2', 'a3', 'a4'])
  t.deepEqual([queue.waiting, queue.active], [0, 2])
})

test('one function has no more at once than it answers, as it is told with each turn', async t => {
  const { begun, add, end, answers } = prepare({ maxActiveOfFunction: 3 })
  answers(1)
  await add('a', 9)
  t.deepEqual(begun, ['a1'])
  answers(2)
  await end('a1')
  t.deepEqual(begun, ['a1', 'a2', 'a3'])
  answers(8)
  await end('a2')
  t.deepEqual(begun, ['a1', 'a2', 'a3', 'a4', 'a5'])
  answers(1)
  await end('a3')
  await end('a4')
  t.deepEqual(begun, ['a1', 'a2', 'a3', 'a4', 'a5', 'a6'])
})

test('functions take turns, however many runs one of them has', async t => {
  const { queue, begun, add, end } = prepare({ maxActive: 4 })
  await add('a', 50)
  await add('b', 3)
  await add('c', 2)
  t.deepEqual(begun, ['a1', 'a2', 'a3', 'a4', 'b1', 'c1'])
  for (const name of ['a1', 'a2']) await end(name)
  t.is(queue.active, 4)
  for (const name of ['a3', 'a4', 'b1', 'c1', 'a5']) await end(name)
  t.deepEqual(begun.slice(6), ['a5', 'b2', 'c2', 'a6', 'b3'])
})

test('whatever others have under way, one run of a function begins', async t => {
  const { queue, begun, add, end } = prepare({ maxActive: 1 })
  await add('a', 2)
  await add('b', 2)
  await add('c', 1)
  t.deepEqual(begun, ['a1', 'b1', 'c1'])
  await end('b1')
  t.deepEqual([begun.at(-1), queue.active, queue.waiting], ['b2', 3, 1])
})

test('beyond a number in all even a function that has none waits for others to end', async t => {
  const { begun, add, end } = prepare({ maxActive: 1, maxActiveInAll: 2 })
  for (const functionId of ['a', 'b', 'c']) await add(functionId, 1)
  t.deepEqual(begun, ['a1', 'b1'])
  await end('a1')
  t.deepEqual(begun, ['a1', 'b1', 'c1'])
})

test('a run without room goes back to its place, and only its function rests', async t => {
  const { queue, begun, add, end } = prepare({ maxActiveOfFunction: 2 })
  await add('a', 4)
  await end('a2', 20)
  await end('a1', 20)
  t.deepEqual([queue.waiting, queue.active], [4, 0])
  await add('b', 1)
  t.deepEqual(begun, ['a1', 'a2', 'b1'])
  await until('it goes on', async () => begun.length === 5)
  t.deepEqual(begun.slice(3), ['a1', 'a2'])
})

test('stopping begins nothing more and waits for what is under way', async t => {
  const { queue, begun, add, end } = prepare({ maxActive: 1 })
  await add('a', 2)
  let stopped = false
  const stopping = queue.stop().then(() => {
    stopped = true
  })
  await add('b', 1)
  t.false(stopped)
  await end('a1', 1)
  await stopping
  t.deepEqual(begun, ['a1'])
  t.is(queue.waiting, 3)
})
