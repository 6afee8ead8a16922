/** A reader that takes nothing costs a bounded amount, and learns what it has missed. */
import test from 'ava'
import type { LogEvent } from '../../../../server/runs/log-events.ts'
import { createMailbox } from '../../../../server/runs/mailbox.ts'

const waitMs = 60_000
const event = (first: number, ...lines: string[]): LogEvent => ({
  type: 'lines',
  run: 'r',
  stream: 'stdout',
  first,
  lines,
  timeNs: 0n,
})

test('what there is no room for is counted in its place, and there is room again when it was taken', async t => {
  const mailbox = createMailbox(100)
  mailbox.put(event(1, 'a'.repeat(30), 'b'.repeat(30), 'c'.repeat(30)))
  mailbox.put(event(4, 'd'.repeat(30)))
  mailbox.put({ type: 'end', run: 'r', status: 'READY', timeNs: 0n })
  t.deepEqual(await mailbox.take(waitMs), [event(1, 'a'.repeat(30), 'b'.repeat(30)), { type: 'dropped', events: 3 }])
  mailbox.put(event(5, 'e'))
  t.deepEqual(await mailbox.take(waitMs), [event(5, 'e')])
})

test('who waits gets what comes next, or nothing when the time is over', async t => {
  const mailbox = createMailbox(100)
  const next = mailbox.take(waitMs)
  mailbox.put(event(1, 'a'))
  t.deepEqual(await next, [event(1, 'a')])
  t.deepEqual(await mailbox.take(1), [])
})

test('who is woken gets nothing, once, also when there was something to take first', async t => {
  const mailbox = createMailbox(100)
  const waiting = mailbox.take(waitMs)
  mailbox.wake()
  t.deepEqual(await waiting, [])
  mailbox.put(event(1, 'a'))
  mailbox.wake()
  t.deepEqual([await mailbox.take(waitMs), await mailbox.take(waitMs)], [[event(1, 'a')], []])
  const next = mailbox.take(waitMs)
  mailbox.put(event(2, 'b'))
  t.deepEqual(await next, [event(2, 'b')])
})

test('closed, it gives what it has and then no more; who waits is told', async t => {
  const mailbox = createMailbox(100)
  mailbox.put(event(1, 'a'))
  mailbox.close()
  mailbox.put(event(2, 'b'))
  t.deepEqual(await mailbox.take(waitMs), [event(1, 'a')])
  t.is(await mailbox.take(waitMs), undefined)
  const other = createMailbox(100)
  const waiting = other.take(waitMs)
  other.close()
  t.is(await waiting, undefined)
})
