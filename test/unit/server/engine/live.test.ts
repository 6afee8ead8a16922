/** Who follows a run is told of the worker that has it, whoever comes first. */
import test from 'ava'
import type { LineListener } from '../../../../server/core/execution.ts'
import { createLive } from '../../../../server/engine/live.ts'

function createWorker(capacity = 1) {
  const listeners: LineListener[] = []
  const watch = { begin: (listener: LineListener) => void listeners.push(listener), end: () => void listeners.pop() }
  return { capacity, watch, listeners }
}

const listen: LineListener = () => undefined

test('a call is watched while it is under way and followed, in whichever order that begins and ends', t => {
  const live = createLive()
  const [early, late] = [createWorker(), createWorker()]
  const stop = live.follow('a', listen)
  live.begin('a', early)
  live.begin('b', late)
  t.deepEqual([early.listeners, late.listeners], [[listen], []])
  const stopLate = live.follow('b', listen)
  t.deepEqual(late.listeners, [listen])
  live.end('a')
  t.deepEqual(early.listeners, [])
  stopLate()
  t.deepEqual(late.listeners, [])
  stop()
  stop()
  live.begin('a', early)
  t.deepEqual(early.listeners, [])
})

test('a worker with several calls at once is not watched: their lines could not be told apart', t => {
  const live = createLive()
  const shared = createWorker(8)
  live.follow('a', listen)
  live.begin('a', shared)
  live.end('a')
  t.deepEqual(shared.listeners, [])
})
