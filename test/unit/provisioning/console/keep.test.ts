/** A console outlives its terminal. */
import test from 'ava'
import { keepConsole } from '../../../../provisioning/console/keep.ts'
import type { Terminal } from '../../../../provisioning/console/terminal.ts'
import { loadShown } from '../../../helpers/console-screens.ts'
import { createPlayedTerminal, createTurnedClock, yielding } from '../../../helpers/console-stage.ts'

test('a terminal that comes back, or comes late, shows what was told last', t => {
  const clock = createTurnedClock(0)
  const [first, second] = [createPlayedTerminal(), createPlayedTerminal()]
  let closed = 0
  const close = () => {
    closed += 1
  }
  const opened: (Terminal | undefined)[] = [undefined, { ...first, close }, undefined, { ...second, close }]
  const kept = keepConsole({ open: () => opened.shift(), actions: yielding, ...clock })
  const { shown } = loadShown('ready')
  kept.show(shown.status, { account: 'root' })
  t.is(first.written(), '')
  clock.turn(5000)
  t.true(first.written().includes('READY'))
  first.input.emit('close')
  t.is(closed, 1)
  kept.show({ ...shown.status, state: 'degraded' }, { account: 'root' })
  clock.turn(10_000)
  t.true(second.written().includes('DEGRADED'))
  kept.close()
  t.is(closed, 2)
  t.deepEqual(second.input.modes, [true, false])
})
