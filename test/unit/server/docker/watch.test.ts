/** Events are told once each, also those that happen while the stream is broken. */
import test from 'ava'
import { watchEvents } from '../../../../server/docker/watch.ts'
import { until } from '../../../helpers/wait.ts'

interface Played {
  id: string
  time: number
  timeNano: number
}

const die = (id: string, time: number): Played => ({ id, time, timeNano: time * 1e9 + 5 })

/** Docker that remembers, and breaks each stream off when `cut` is called. */
function playDocker(t: { teardown(work: () => void): void }) {
  const past: Played[] = []
  const sinces: (number | undefined)[] = []
  let cut = Promise.withResolvers<void>()
  let isOpen = false
  let hand: (event: Played) => void = () => undefined
  async function* stream(since: number | undefined) {
    const { promise } = cut
    if (since !== undefined) for (const event of past) if (event.time >= since) yield `${JSON.stringify(event)}\n`
    for (isOpen = true; ; ) {
      const next = Promise.withResolvers<Played | undefined>()
      hand = next.resolve
      void promise.then(() => next.resolve(undefined))
      const event = await next.promise
      if (!event) break
      yield `${JSON.stringify(event)}\n`
    }
    throw new Error('Docker went away')
  }
  const told: unknown[] = []
  const stop = watchEvents({
    open: async (_, since) => {
      sinces.push(since)
      return stream(since)
    },
    listener: ({ id }) => told.push(id),
    retryMs: 1,
    nowMs: () => 1_000_999,
  })
  t.teardown(() => {
    stop()
    cut.resolve()
  })
  return {
    told,
    sinces,
    happen: (event: Played) => {
      past.push(event)
      hand(event)
    },
    breakOff: (missed: Played[]) => {
      isOpen = false
      past.push(...missed)
      cut.resolve()
      cut = Promise.withResolvers()
    },
    opened: () => until('it is open', async () => isOpen),
  }
}

test('what ended while the stream was broken is told once it is open again, and nothing twice', async t => {
  const docker = playDocker(t)
  await docker.opened()
  docker.happen(die('a', 1010))
  await until('it is told', async () => docker.told.length === 1)
  docker.breakOff([die('b', 1010), die('a', 1011)])
  await docker.opened()
  t.deepEqual(docker.told, ['a', 'b', 'a'])
  docker.breakOff([])
  await docker.opened()
  t.deepEqual(docker.told, ['a', 'b', 'a'])
  t.deepEqual(docker.sinces, [undefined, 1009, 1010])
})

test('before the first event it is what ended since the beginning', async t => {
  const docker = playDocker(t)
  await docker.opened()
  docker.breakOff([die('old', 900), die('a', 1000)])
  await docker.opened()
  t.deepEqual(docker.told, ['a'])
  t.deepEqual(docker.sinces, [undefined, 999])
})
