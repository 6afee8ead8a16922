/** Docker itself is stopped and killed under load, and started again: all comes back by itself. */
import test from 'ava'
import { harmUnderLoad, maxWorkers } from './harmed-load.ts'
import { type Ask, countAnswers, renderCounts } from './load.ts'
import { createLoadedStage } from './loaded-stage.ts'

const rounds = 6

/** A call was under way in a container that was lost, or found Docker unable to give it one. */
const wentAway = /^the container of the function went away during the call: /
const notStarted = /^function load-\S+ could not be started: /

test(`${rounds} x dockerd ends under load and is started again`, async t => {
  t.timeout(15 * 60_000, 'a Docker that stops takes its time')
  const stage = await createLoadedStage(t)
  const all: Ask[] = []
  let cutInAll = 0
  for (let round = 0; round < rounds; round += 1) {
    const harm = async () => {
      await stage.own.kill(round % 2 === 0 ? 'SIGKILL' : 'SIGTERM')
      await stage.own.start()
    }
    const { asks, cuts, refused, losses } = await harmUnderLoad(t, stage, { name: `round-${round}`, harm })
    // To be tried again.
    for (const { answer } of refused) t.is(answer?.status, 429)
    const cutOff = cuts.filter(({ message }) => !notStarted.test(message))
    for (const { message } of cutOff) t.regex(message, wentAway)
    t.true(cutOff.length <= losses.length * maxWorkers, `${cutOff.length} cut off in ${losses.length} containers`)
    cutInAll += cuts.length
    all.push(...asks)
  }
  t.log(
    `${rounds} ends, SIGKILL and SIGTERM in turn; ${cutInAll} runs cut off; answers: ${renderCounts(countAnswers(all))}`,
  )
})
