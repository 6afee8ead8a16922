/** Containers are killed, removed and restarted at random under load: that costs the calls under way in them, and nothing else. */
import test from 'ava'
import type { OwnDocker } from '../helpers/own-docker.ts'
import { harmUnderLoad, maxWorkers } from './harmed-load.ts'
import { type Ask, countAnswers, loadedFunctions, renderCounts } from './load.ts'
import { createLoadedStage } from './loaded-stage.ts'
import { createRandom } from './random.ts'

const rounds = 30
const randomSeed = 20_260_802

const faults: [string[], ...string[][]] = [
  ['kill'],
  ['rm', '--force'],
  ['restart', '--time', '0'],
  ['stop', '--time', '0'],
]

/** The server may have removed it first. */
const harm = ({ docker }: OwnDocker, fault: string[], id: string): Promise<unknown> =>
  docker(...fault, id).catch(() => undefined)

test(`${rounds} x a container is killed, removed or restarted under load`, async t => {
  t.timeout(15 * 60_000, 'many rounds on a machine that may be busy')
  const random = createRandom(randomSeed)
  const stage = await createLoadedStage(t)
  const all: Ask[] = []
  const done: Record<string, number> = {}
  let cutInAll = 0
  for (let round = 0; round < rounds; round += 1) {
    const victim = random.pick([undefined, ...loadedFunctions])
    const fault = random.pick(faults)
    const [first = '', ...others] = await stage.containersWith(victim)
    const id = random.pick([first, ...others])
    const name = `round-${round}`
    const harmed = await harmUnderLoad(t, stage, { name, harm: () => harm(stage.own, fault, id) })
    const what = `${fault[0]} of ${victim ?? 'a container in a pool'}`
    t.deepEqual(harmed.refused, [], what)
    t.deepEqual(harmed.losses, victim === undefined ? [] : [victim], what)
    t.deepEqual(
      harmed.cuts.filter(({ functionName }) => functionName !== victim),
      [],
      what,
    )
    for (const { message } of harmed.cuts)
      t.regex(message, /^the container of the function went away during the call: /)
    t.true(harmed.cuts.length <= maxWorkers, `${what}: ${harmed.cuts.length} calls were cut off`)
    cutInAll += harmed.cuts.length
    done[what] = (done[what] ?? 0) + 1
    all.push(...harmed.asks)
  }
  t.true(cutInAll > 0)
  t.log(
    `seed ${randomSeed}: ${renderCounts(done)}; ${cutInAll} runs cut off; answers: ${renderCounts(countAnswers(all))}`,
  )
})
