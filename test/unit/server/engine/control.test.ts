/** What becomes of starts when their container is lost. */
import test from 'ava'
import { ContainerLostError, createControl } from '../../../../server/engine/control.ts'
import type { ToRuntime } from '../../../../server/engine/messages.ts'
import { defaultLimits } from '../../../../server/engine/options.ts'

function createTestControl() {
  const sent: ToRuntime[] = []
  const failures: string[] = []
  const control = createControl({
    send: message => sent.push(message),
    fail: reason => failures.push(reason),
    limits: defaultLimits,
  })
  return { control, sent, failures }
}

test('a start that is under way when the container is lost is told', async t => {
  const { control, sent } = createTestControl()
  const loading = control.load({ handler: 'a.handle', concurrency: 8 })
  t.like(sent[0], { type: 'load', handler: 'a.handle', worker: 1 })
  control.lose('gone')
  await t.throwsAsync(loading, { instanceOf: ContainerLostError, message: 'gone' })
})

test('a start in a lost container is refused at once, and nothing is sent', async t => {
  const { control, sent } = createTestControl()
  control.lose('gone')
  await t.throwsAsync(control.startWorker(), { instanceOf: ContainerLostError, message: 'gone' })
  t.deepEqual(sent, [])
})

test('a worker that was not asked for gets no seat, neither does one that has one already', async t => {
  const { control } = createTestControl()
  const connection = { send: () => undefined, close: () => undefined }
  t.throws(() => control.seat(1, 1, connection), { message: /not asked for/ })
  const starting = control.startWorker()
  control.seat(1, 1, connection)
  t.is((await starting).number, 1)
  t.throws(() => control.seat(1, 1, connection), { message: /not asked for/ })
})
