/** When a driver's container is started again, and what is told of its ends. */
import test from 'ava'
import {
  type Life,
  newLife,
  renderEnd,
  stateOfRunning,
  stateOfWaiting,
  withFailure,
} from '../../../../server/events/driver-life.ts'

/** Each container lasts so long; resolves with the pauses after them. */
function pausesAfter(lasting: readonly number[]): number[] {
  let life: Life = newLife('f', 0)
  let nowMs = 0
  return lasting.map(ms => {
    life = { ...life, sinceMs: nowMs }
    nowMs += ms
    life = withFailure(life, 'it ended', nowMs)
    const pauseMs = life.dueMs - nowMs
    nowMs = life.dueMs
    return pauseMs
  })
}

test('pauses grow while it ends soon, up to half a minute, and begin anew once it has run for a minute', t => {
  t.deepEqual(pausesAfter([10, 10, 10, 10]), [250, 500, 1000, 2000])
  t.is(pausesAfter(Array(12).fill(10)).at(-1), 30_000)
  t.deepEqual(pausesAfter([10, 10, 59_999, 60_000, 10]), [250, 500, 1000, 250, 500])
})

test('it is READY once it has run for long enough, in ERROR after the third end in a row, and as it was until then', t => {
  const once = withFailure(newLife('f', 0), 'it ended', 10)
  const thrice = withFailure(withFailure(once, 'it ended', 20), 'it ended', 30)
  t.deepEqual(stateOfWaiting(newLife('f', 0), 5), { is: 'starting', againMs: 5 })
  t.deepEqual(stateOfWaiting(once, 5), { is: 'starting', reason: 'it ended', againMs: 5 })
  t.deepEqual(stateOfWaiting(thrice, 5), { is: 'failed', reason: 'it ended', againMs: 5 })
  const running = { ...thrice, sinceMs: 100 }
  t.is(stateOfRunning(running, { nowMs: 2099, settleMs: 2000 }).is, 'failed')
  t.deepEqual(stateOfRunning(running, { nowMs: 2100, settleMs: 2000, url: 'u' }), { is: 'ready', url: 'u' })
})

test('an end is told with what was printed last, without secrets, in a text of bounded length', t => {
  const hidden = ['hunter2', 'x', '-----BEGIN-----\nMIIE\r\nhunter2more\n-----END-----\n']
  const end = (fields: object) => renderEnd({ exitCode: 1, outOfMemory: false, lines: [], ...fields }, 256, hidden)
  t.is(end({}), 'its program ended with code 1; it is started again')
  t.is(end({ outOfMemory: true }), 'it used up its 256 MiB of memory; it is started again')
  t.is(
    end({ lines: [' user x ', 'password hunter2\r'] }),
    'its program ended with code 1: user x | password ***; it is started again',
  )
  t.is(
    end({ lines: ['key MIIE', 'hunter2more', '-----END-----'] }),
    'its program ended with code 1: key *** | *** | ***; it is started again',
  )
  t.true(end({ lines: ['y'.repeat(100_000)] }).length < 600)
})
