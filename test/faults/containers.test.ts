/** Containers are killed, removed and restarted at random under load: that costs the calls under way in them, and nothing else. */
import test from 'ava'
import type { OwnDocker } from '../helpers/own-docker.ts'
import { until } from '../helpers/wait.ts'
import { type Ask, countAnswers, loadedFunctions, renderCounts, startLoad } from './load.ts'
import { createLoadedStage } from './loaded-stage.ts'
import { createRandom } from './random.ts'
import { execute } from './stage.ts'

const rounds = 30
const randomSeed = 20_260_802
const callers = 4

const faults: [string[], ...string[][]] = [
  ['kill'],
  ['rm', '--force'],
  ['restart', '--time', '0'],
  ['stop', '--time', '0'],
]

/** The server may have removed it first. */
const harm = ({ docker }: OwnDocker, fault: string[], id: string): Promise<unknown> =>
  docker(...fault, id).catch(() => undefined)

const isCutOff = ({ answer }: Ask): boolean =>
  answer?.status === 200 && answer.body.status === 'ERROR' && answer.body.error.type === 'SystemError'

const isFine = ({ answer, blocking, input }: Ask): boolean =>
  blocking ? answer?.body.status === 'READY' && answer.body.output === input : answer?.status === 202

test(`${rounds} x a container is killed, removed or restarted under load`, async t => {
  t.timeout(15 * 60_000, 'many rounds on a machine that may be busy')
  const random = createRandom(randomSeed)
  const { own, server, containers, reachRestored } = await createLoadedStage(t)
  const all: Ask[] = []
  const done: Record<string, number> = {}
  for (let round = 0; round < rounds; round += 1) {
    const load = startLoad(server, { name: `round-${round}`, callers })
    await until('the load is on', async () => load.asks.length >= callers)
    const [first = '', ...others] = await containers()
    const fault = random.pick(faults)
    await harm(own, fault, random.pick([first, ...others]))
    done[fault[0] ?? ''] = (done[fault[0] ?? ''] ?? 0) + 1
    await load.stop()
    t.deepEqual(
      load.asks.filter(asked => !isFine(asked) && !isCutOff(asked)),
      [],
    )
    t.true(load.asks.filter(isCutOff).length <= callers, renderCounts(countAnswers(load.asks)))
    for (const name of loadedFunctions) t.is((await execute(server, name, round)).body.output, round)
    await reachRestored()
    all.push(...load.asks)
  }
  t.log(`seed ${randomSeed}: ${renderCounts(done)}; answers: ${renderCounts(countAnswers(all))}`)
})
