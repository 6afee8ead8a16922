/** What every runtime promises to those who follow a call, whatever its language and wherever it runs. */
import { randomUUID } from 'node:crypto'
import type { ExecutionContext } from 'ava'
import type { Execution, RunLogs } from '../../server/core/execution.ts'
import type { RuntimeCases, Test } from './runtime-cases.ts'
import { until } from './wait.ts'

interface Told {
  stdout: string[]
  stderr: string[]
  stop(): void
}

function follow(engine: Execution, runId: string): Told {
  const told = { stdout: [] as string[], stderr: [] as string[] }
  const stop = engine.follow(runId, (stream, lines) => told[stream].push(...lines))
  return { ...told, stop }
}

const isStartOf = (told: string[], all: string[] | null): boolean =>
  told.every((line, index) => line === all?.at(index))
const isStart = (t: ExecutionContext, { stdout, stderr }: Told, logs: RunLogs): void => {
  t.true(isStartOf(stdout, logs.stdout), `${stdout} of ${logs.stdout}`)
  t.true(isStartOf(stderr, logs.stderr), `${stderr} of ${logs.stderr}`)
}

export function testFollowing(
  test: Test,
  { image, probe, engineFor, lines = 'stdout' }: Omit<RuntimeCases, 'broken'>,
): void {
  const { language } = image

  test(`${language}: a line is told while its call is still busy, also to one who comes late and to the next one`, async t => {
    const { engine, callAs, revision } = engineFor(t)
    const [probed, runId] = [revision(image, probe), randomUUID()]
    await engine.load(probed)
    const hanging = callAs(runId, probed, { do: 'hang' })
    const early = follow(engine, runId)
    await until('the early one is told', async () => early[lines].length > 0)
    early.stop()
    const late = follow(engine, runId)
    await until('the late one is told', async () => late[lines].length > 0)
    await engine.unload(probed.revisionId, 0)
    await hanging
    t.deepEqual([early[lines], late[lines]], [['before'], ['before']])
    t.is([late.stdout, late.stderr].flat().length, 1)
  })

  test(`${language}: what is told begins with the first line and has each once, call by call on the same worker`, async t => {
    const { engine, callAs, revision } = engineFor(t)
    const probed = revision(image, probe)
    await engine.load(probed)
    let toldCount = 0
    for (let round = 0; round < 5; round += 1) {
      const runId = randomUUID()
      const told = follow(engine, runId)
      const { logs } = await callAs(runId, probed, { do: 'tick', count: 20 + round, seconds: 0.01 })
      t.is(logs[lines]?.length, 20 + round)
      isStart(t, told, logs)
      toldCount += told[lines].length
      told.stop()
    }
    t.true(toldCount > 0)
  })

  test(`${language}: a flood is told up to the limit and no further`, async t => {
    const { engine, callAs, revision } = engineFor(t)
    const [probed, runId] = [revision(image, probe), randomUUID()]
    await engine.load(probed)
    const told = follow(engine, runId)
    const { logs } = await callAs(runId, probed, { do: 'flood' })
    isStart(t, told, logs)
    t.true(told[lines].length < 20_000)
  })
}
