/** The server is killed at any moment under load, again and again: what it acknowledged is there, and nothing is left half done. */
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { type LiveServer, startLiveServer } from '../helpers/live-server.ts'
import { type OwnDocker, startOwnDocker } from '../helpers/own-docker.ts'
import { until } from '../helpers/wait.ts'
import { checkEnd, isOver, wasAcknowledged } from './ends.ts'
import { type Ask, countAnswers, createLoadedFunctions, renderCounts, startLoad } from './load.ts'
import { createRandom } from './random.ts'
import { archiveOf, ask, containersOf, reachCleanDocker, seed, temporaryDir } from './stage.ts'

const rounds = 30
const randomSeed = 20_260_801
const maxLifeMs = 800

/** Creates until the server is gone; returns the names of the functions that it acknowledged. */
async function createUntilGone(server: LiveServer, round: number): Promise<string[]> {
  const source = await archiveOf('python3', 'def handle(ctx, payload):\n    return payload\n')
  const created: string[] = []
  for (let number = 0; ; number += 1) {
    const name = `f-${round}-${number}`
    const body = { name, image: 'python3', handler: 'handler.handle', source }
    const answer = await ask(server, 'POST', 'function', body).catch(() => undefined)
    if (!answer) return created
    if (answer.status === 201) created.push(name)
    // Few of them: each is loaded anew by whoever calls it.
    if (number === 2) return created
  }
}

async function checkNothingHalfDone(server: LiveServer): Promise<void> {
  await until('no run is under way or waits', async () => {
    const { body } = await ask(server, 'GET', 'runs?limit=200')
    return body.every(isOver)
  })
  await until('all functions are READY', async () => {
    const { body } = await ask(server, 'GET', 'function')
    return body.every(({ status }: { status: string }) => status === 'READY')
  })
}

async function dieUnderLoad(server: LiveServer, round: number, lifeMs: number) {
  const load = startLoad(server, { name: `round-${round}` })
  const creating = round % 3 === 0 ? createUntilGone(server, round) : []
  await new Promise(resolve => {
    setTimeout(() => resolve(server.stop('SIGKILL')), lifeMs)
  })
  await load.stop()
  return { asks: load.asks, created: await creating }
}

async function checkLife(t: ExecutionContext, server: LiveServer, own: OwnDocker, former: string[]): Promise<void> {
  await checkNothingHalfDone(server)
  const dataDir = join(server.directory, 'dispatch-data')
  await reachCleanDocker(own, dataDir)
  const present = await containersOf(own, dataDir)
  t.deepEqual(
    former.filter(id => present.includes(id)),
    [],
  )
}

test(`${rounds} x kill -9 of the server under load`, async t => {
  t.timeout(20 * 60_000, 'many lives on a machine that may be busy')
  const random = createRandom(randomSeed)
  const own = await startOwnDocker()
  t.teardown(own.close)
  // What must be started again in each life.
  const options = { directory: await temporaryDir(t), env: own.env, args: ['--pool-size', '1'] }
  const dataDir = join(options.directory, 'dispatch-data')
  let server = await startLiveServer(options)
  t.teardown(() => server.stop('SIGKILL'))
  await seed(server)
  await createLoadedFunctions(server)
  const functions: string[] = []
  const answers: Ask[] = []
  const ends: Record<string, number> = {}
  for (let round = 0; round < rounds; round += 1) {
    const { asks, created } = await dieUnderLoad(server, round, random.below(maxLifeMs))
    const former = await containersOf(own, dataDir)
    functions.push(...created)
    answers.push(...asks)
    server = await startLiveServer(options)
    for (const asked of asks.filter(wasAcknowledged)) {
      const { status } = await checkEnd(t, server, asked)
      const end = `${asked.blocking ? 'awaited' : 'accepted'} ${status}`
      ends[end] = (ends[end] ?? 0) + 1
    }
    await checkLife(t, server, own, former)
  }
  const { body } = await ask(server, 'GET', 'function')
  const present = new Set(body.map(({ name }: { name: string }) => name))
  t.deepEqual(
    functions.filter(name => !present.has(name)),
    [],
  )
  t.log(`seed ${randomSeed}: ${rounds} lives, ${functions.length} functions created; ${renderCounts(ends)}`)
  t.log(`answers: ${renderCounts(countAnswers(answers))}`)
  t.true(answers.length > rounds)
  t.is(await server.stop(), 0)
  t.deepEqual(await containersOf(own, dataDir), [])
})
