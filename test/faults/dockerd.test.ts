/** Docker itself is stopped and killed under load, and started again: all comes back by itself. */
import test from 'ava'
import { until } from '../helpers/wait.ts'
import { type Ask, countAnswers, loadedFunctions, renderCounts, startLoad } from './load.ts'
import { createLoadedStage } from './loaded-stage.ts'
import { createRandom } from './random.ts'
import { ask, execute } from './stage.ts'

const rounds = 6
const randomSeed = 20_260_803

/** Answered as documented, whatever Docker does: fine, or our fault, or to be tried again. */
const isDefined = ({ answer }: Ask): boolean => {
  if (answer?.status === 200) return answer.body.status === 'READY' || answer.body.error.type === 'SystemError'
  return answer?.status === 202 || answer?.status === 429
}

test(`${rounds} x dockerd ends under load and is started again`, async t => {
  t.timeout(15 * 60_000, 'a Docker that stops takes its time')
  const random = createRandom(randomSeed)
  const { own, server, reachRestored } = await createLoadedStage(t)
  const all: Ask[] = []
  for (let round = 0; round < rounds; round += 1) {
    const load = startLoad(server, { name: `round-${round}` })
    const busy = random.below(200)
    await until('the load is on', async () => load.asks.length >= busy)
    await own.kill(round % 2 === 0 ? 'SIGKILL' : 'SIGTERM')
    await own.start()
    for (const name of loadedFunctions)
      await until(`${name} answers again`, async () => (await execute(server, name, round)).body.output === round)
    await load.stop()
    t.deepEqual(
      load.asks.filter(asked => !isDefined(asked)),
      [],
    )
    all.push(...load.asks)
    await reachRestored()
    await until('no run is under way or waits', async () => {
      const { body } = await ask(server, 'GET', 'runs?limit=500')
      return body.every(({ status }: { status: string }) => status === 'READY' || status === 'ERROR')
    })
  }
  t.log(`seed ${randomSeed}: ${rounds} ends, SIGKILL and SIGTERM in turn; answers: ${renderCounts(countAnswers(all))}`)
})
