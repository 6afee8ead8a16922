/** Sessions: found by their token alone, for as long as they count, and gone when they are ended. */
import test from 'ava'
import type { Session } from '../../../../server/iam/session-schema.ts'
import { createSessions, type SessionLimits } from '../../../../server/iam/sessions.ts'
import { createMemoryStore } from '../../../../server/store/memory.ts'
import { createIds } from '../../../../server/system.ts'
import { until } from '../../../helpers/wait.ts'

const startMs = 1_800_000_000_000
const hourMs = 3_600_000
const limits: SessionLimits = { lifetimeMs: 10 * hourMs, idleMs: 2 * hourMs, maxOfUser: 3 }
const jon = { user: 'jon', method: 'password', address: '10.0.0.1' } as const

function createStage() {
  const collection = createMemoryStore().collection<Session>('Session')
  const failures: unknown[] = []
  const log = { info: () => undefined, warn: () => undefined, error: (fields: object) => void failures.push(fields) }
  let nowMs = startMs
  const deps = { sessions: collection, nowMs: () => nowMs, ids: createIds(), log, limits, stands: async () => true }
  return {
    collection,
    failures,
    sessions: createSessions(deps),
    /** Of the server after it was started again. */
    createAgain: () => createSessions(deps),
    pass: (ms: number) => {
      nowMs += ms
    },
  }
}

test('a session is found by its token; the store has neither the token nor anything to make it of', async t => {
  const { sessions, collection } = createStage()
  const { token, user } = await sessions.open(jon)
  t.regex(token, /^dss_[\w-]{43}$/)
  t.is(user, 'jon')
  t.like(await sessions.find(token), { user: 'jon' })
  for (const wrong of ['', 'dss_', token.slice(0, -1), `${token}x`, token.toUpperCase()])
    t.is(await sessions.find(wrong), undefined)
  t.false(JSON.stringify(await collection.list()).includes(token.slice(4)))
})

test('it counts after a start too, until its time is over', async t => {
  const stage = createStage()
  const { token } = await stage.sessions.open(jon)
  const again = stage.createAgain()
  t.is(await again.find(token), undefined)
  await again.start()
  t.like(await again.find(token), { user: 'jon' })
  for (let hours = 1; hours < 10; hours += 1) {
    stage.pass(hourMs)
    t.truthy(await again.find(token), `after ${hours} hours`)
  }
  stage.pass(hourMs)
  t.is(await again.find(token), undefined)
  await until('it is removed', async () => (await stage.collection.list()).length === 0)
})

test('its use is written down once a minute; without any it is over', async t => {
  const { sessions, collection, pass, failures } = createStage()
  const { token } = await sessions.open(jon)
  const revision = async () => (await collection.list())[0]?.revision
  for (let seconds = 0; seconds < 50; seconds += 10) {
    pass(10_000)
    await sessions.find(token)
  }
  t.is(await revision(), 1)
  pass(10_000)
  await sessions.find(token)
  await until('it is written', async () => (await revision()) === 2)
  pass(2 * hourMs + 61_000)
  t.is(await sessions.find(token), undefined)
  t.deepEqual(failures, [])
})

test('what was found has to be looked up again within a minute, and earlier when it ends', async t => {
  const { sessions, pass } = createStage()
  const { token } = await sessions.open(jon)
  t.is((await sessions.find(token))?.untilMs, startMs + 60_000)
  for (let hours = 1; hours < 10; hours += 1) {
    pass(hourMs)
    await sessions.find(token)
  }
  pass(hourMs - 1000)
  t.is((await sessions.find(token))?.untilMs, startMs + 10 * hourMs)
})

test('its user ends it, or all of them; another one cannot', async t => {
  const { sessions } = createStage()
  const [one, two] = [await sessions.open(jon), await sessions.open(jon)]
  const arya = await sessions.open({ ...jon, user: 'arya' })
  const id = (await sessions.find(one.token))?.id ?? ''
  t.false(await sessions.end('arya', id))
  t.true(await sessions.end('jon', id))
  t.false(await sessions.end('jon', id))
  t.is(await sessions.find(one.token), undefined)
  t.truthy(await sessions.find(two.token))
  t.is(await sessions.endAllOf('jon'), 1)
  t.is(await sessions.find(two.token), undefined)
  t.truthy(await sessions.find(arya.token))
})

test('a user has so many; the one that was not used for longest makes room', async t => {
  const { sessions, pass, collection } = createStage()
  const tokens: string[] = []
  for (let count = 0; count < 4; count += 1) {
    tokens.push((await sessions.open(jon)).token)
    pass(61_000)
    await sessions.find(tokens[0] ?? '')
  }
  t.deepEqual(await Promise.all(tokens.map(async token => (await sessions.find(token)) !== undefined)), [
    true,
    false,
    true,
    true,
  ])
  await until('it is removed', async () => (await collection.list()).length === 3)
})
