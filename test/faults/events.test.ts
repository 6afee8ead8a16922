/** The server is killed at any moment while events come in, again and again: none that it acknowledged is lost. */
import test, { type ExecutionContext } from 'ava'
import { type LiveServer, startLiveServer } from '../helpers/live-server.ts'
import { startOwnDocker } from '../helpers/own-docker.ts'
import { until } from '../helpers/wait.ts'
import { createRandom } from './random.ts'
import { ask, createFunction, seed, temporaryDir } from './stage.ts'

const rounds = 20
const randomSeed = 20_261_128
const lifeMs = { least: 200, most: 1500 }
const perSecond = 200
const pulseMs = 50
const functions = {
  'on-python3': { image: 'python3', code: 'def handle(ctx, payload):\n    return payload\n' },
  'on-nodejs': { image: 'nodejs', code: 'module.exports = (ctx, payload) => payload\n' },
}

const event = (id: string) => ({
  ...{ eventType: 'load.event', cloudEventsVersion: '0.1', source: 'test', eventID: id },
  data: id,
})

/** Emits steadily until the server is gone; returns the ids of the events that it acknowledged. */
async function emitUntilKilled(server: LiveServer, round: number, forMs: number): Promise<string[]> {
  const acknowledged: string[] = []
  const asked: Promise<unknown>[] = []
  let count = 0
  const emit = async (): Promise<void> => {
    count += 1
    const id = `${round}-${count}`
    const answer = await ask(server, 'POST', 'event', event(id)).catch(() => undefined)
    if (answer?.status === 200) acknowledged.push(id)
  }
  const pulse = setInterval(() => {
    for (let each = 0; each < (perSecond * pulseMs) / 1000; each += 1) asked.push(emit())
  }, pulseMs)
  await new Promise(resolve => {
    setTimeout(() => resolve(server.stop('SIGKILL')), forMs)
  })
  clearInterval(pulse)
  await Promise.all(asked)
  return acknowledged
}

/** All of a list that has pages. */
async function listAll(server: LiveServer, path: string, idOf: (item: Item) => string): Promise<Item[]> {
  const all: Item[] = []
  for (let before = ''; ; before = `&before=${idOf(all.at(-1))}`) {
    const { body } = await ask(server, 'GET', `${path}limit=1000${before}`)
    all.push(...body)
    if (body.length < 1000) return all
  }
}

// biome-ignore lint/suspicious/noExplicitAny: an event or a run of any shape, looked into by assertions
type Item = any

async function checkDelivered(t: ExecutionContext, server: LiveServer, acknowledged: string[]): Promise<void> {
  const expected = Object.keys(functions).length
  await until('nothing waits', async () => {
    const events = await listAll(server, 'event/emissions?', ({ id }) => id)
    return events.every(({ counts }) => counts.waiting === 0)
  })
  const stored = await listAll(server, 'event/emissions?', ({ id }) => id)
  const delivered = new Set(
    stored.filter(({ counts }) => counts.delivered === expected).map(each => each.event.eventID),
  )
  const isLost = (id: string) => !delivered.has(id)
  t.deepEqual(acknowledged.filter(isLost), [])
  for (const name of Object.keys(functions)) {
    const runs = await listAll(server, `runs?functionName=${name}&`, each => each.name)
    const ran = runs.filter(({ status }) => status === 'READY').map(each => each.output)
    const known = new Set(ran)
    t.deepEqual(
      acknowledged.filter(id => !known.has(id)),
      [],
    )
    t.log(
      `${name}: ${acknowledged.length} acknowledged, ${known.size} delivered, ${ran.length - known.size} of them again`,
    )
  }
}

test(`${rounds} x kill -9 of the server under ${perSecond} events a second`, async t => {
  t.timeout(20 * 60_000, 'many lives on a machine that may be busy')
  const random = createRandom(randomSeed)
  const own = await startOwnDocker()
  t.teardown(own.close)
  const options = { directory: await temporaryDir(t), env: own.env, args: ['--pool-size', '1'] }
  let server = await startLiveServer(options)
  t.teardown(() => server.stop('SIGKILL'))
  await seed(server)
  for (const [name, fields] of Object.entries(functions)) {
    await createFunction(server, { name, ...fields })
    await ask(server, 'POST', 'event/subscriptions', { name, eventType: 'load.event', function: name })
  }
  const acknowledged: string[] = []
  for (let round = 0; round < rounds; round += 1) {
    const forMs = lifeMs.least + random.below(lifeMs.most - lifeMs.least)
    acknowledged.push(...(await emitUntilKilled(server, round, forMs)))
    server = await startLiveServer(options)
  }
  t.true(acknowledged.length > rounds)
  await checkDelivered(t, server, acknowledged)
  t.log(`seed ${randomSeed}: ${rounds} lives`)
  t.is(await server.stop(), 0)
})
