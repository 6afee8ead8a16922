/** The loop of rounds: when the next one begins, and that it ends. */
import test from 'ava'
import { createSweeping } from '../../../../server/core/sweeping.ts'
import { until } from '../../../helpers/wait.ts'

const hourMs = 3_600_000

test('whoever wakes during a round gets another one, which begins later than that', async t => {
  const rounds: PromiseWithResolvers<void>[] = []
  const sweeping = createSweeping({
    sweep: async () => {
      const round = Promise.withResolvers<void>()
      rounds.push(round)
      await round.promise
    },
    onError: thrown => t.fail(String(thrown)),
    periodMs: hourMs,
  })
  sweeping.start()
  sweeping.wake()
  sweeping.wake()
  rounds[0]?.resolve()
  await until('there is another round', async () => rounds.length === 2)
  rounds[1]?.resolve()
  await sweeping.stop()
  t.is(rounds.length, 2)
})

test('whoever wakes between rounds begins the next one; nobody does after the end', async t => {
  let rounds = 0
  const sweeping = createSweeping({
    sweep: async () => {
      rounds += 1
    },
    onError: thrown => t.fail(String(thrown)),
    periodMs: hourMs,
  })
  sweeping.start()
  await until('the first round is over', async () => rounds === 1)
  sweeping.wake()
  await until('there is another one', async () => rounds === 2)
  await sweeping.stop()
  sweeping.wake()
  t.is(rounds, 2)
})
