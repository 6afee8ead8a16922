/** `--wait`: what a person sees meanwhile, and how it ends when the server never gets there. */
import test from 'ava'
import type { Io } from '../../../cli/io.ts'
import { type Answer, createStage } from './stage.ts'

const object = (status: string, ...reason: string[]): Answer => ({ status: 200, body: { name: 'f', status, reason } })
const create = ['create', 'base-image', 'f', 'd', '--wait']

/** Time passes by pauses alone. */
function createTime() {
  let nowMs = Date.parse('2026-11-24T03:00:00Z')
  const pauses: number[] = []
  const pause = async (durationMs: number) => {
    pauses.push(durationMs)
    nowMs += durationMs
  }
  const time: Pick<Io, 'now' | 'pause'> = { now: () => new Date(nowMs), pause }
  return { time, pausedMs: () => pauses.reduce((sum, durationMs) => sum + durationMs, 0) }
}

const story = [
  object('INITIALIZED'),
  object('INITIALIZED', 'no Docker'),
  object('CREATING', 'no Docker'),
  object('CREATING', 'no Docker', 'pulling'),
  object('READY'),
]

test('a person learns each reason once, a script none', async t => {
  const line = 'Created base image: f\n'
  const person = await createStage(t, story)
  t.deepEqual(await person.dispatch(create, { stderrIsTerminal: true }), {
    code: 0,
    stdout: line,
    stderr: 'Waiting for base image f: no Docker\nWaiting for base image f: no Docker; pulling\n',
  })
  const script = await createStage(t, story)
  t.deepEqual(await script.dispatch(create), { code: 0, stdout: line, stderr: '' })
})

for (const [words, limit] of [
  [[], 120],
  [['--wait-timeout', '1m30s'], 90],
] as const)
  test(`after ${limit}s the wait ends with the last reason`, async t => {
    const stage = await createStage(t, (_, index) => object('UPDATING', index < 5 ? 'pulling' : 'no space left'))
    const { time, pausedMs } = createTime()
    const { code, stdout, stderr } = await stage.dispatch([...create, ...words], time)
    t.deepEqual([code, stdout], [1, 'Created base image: f\n'])
    t.is(stderr, `base image f is still UPDATING after ${limit}s: no space left; see --wait-timeout\n`)
    t.is(pausedMs(), limit * 1000)
  })

test('a server without a reason is said to have none', async t => {
  const stage = await createStage(t, () => object('CREATING'))
  const { stderr } = await stage.dispatch([...create, '--wait-timeout', '5s'], createTime().time)
  t.is(stderr, 'base image f is still CREATING after 5s: the server gives no reason; see --wait-timeout\n')
})

test('the limit is for all objects of a file together', async t => {
  const stage = await createStage(t, () => object('CREATING', 'busy'))
  const { time, pausedMs } = createTime()
  const { code, stderr } = await stage.dispatch(['create', 'seed-images', '--wait', '--wait-timeout', '10s'], time)
  t.is(code, 1)
  t.is(stderr, 'base image nodejs-base is still CREATING after 10s: busy; see --wait-timeout\n')
  t.is(pausedMs(), 10_000)
})

test('--wait-timeout 0 waits for as long as it takes', async t => {
  const stage = await createStage(t, (_, index) => object(index < 400 ? 'CREATING' : 'READY'))
  const { time, pausedMs } = createTime()
  t.is((await stage.dispatch([...create, '--wait-timeout', '0'], time)).code, 0)
  t.true(pausedMs() > 300_000)
})

const gone: Answer = { status: 404, body: { code: 404, message: 'image f not found' } }

test('delete --wait returns when the object is gone, for a file when all of them are', async t => {
  const stage = await createStage(t, [object('DELETING'), object('DELETING'), object('DELETING'), gone])
  t.deepEqual(await stage.dispatch(['delete', 'image', 'f', '--wait']), {
    code: 0,
    stdout: 'Deleted image: f\n',
    stderr: '',
  })
  t.deepEqual(
    stage.asked.map(({ method }) => method),
    ['DELETE', 'GET', 'GET', 'GET'],
  )
  const file = await createStage(t, [object('DELETING'), gone, object('DELETING'), gone])
  file.write('two.yaml', 'kind: Image\nname: a\n---\nkind: Image\nname: b\n')
  const { code, stdout } = await file.dispatch(['delete', '-f', 'two.yaml', '--wait', '--ignore-not-found'])
  t.deepEqual([code, stdout], [0, 'Deleted Image: a\n'])
  t.is(file.asked.length, 4)
})

test('delete --wait does not wait for ever', async t => {
  const stage = await createStage(t, () => object('DELETING', 'calls under way'))
  const { time, pausedMs } = createTime()
  const { code, stdout, stderr } = await stage.dispatch(['delete', 'image', 'f', '--wait'], time)
  t.deepEqual([code, stdout], [1, 'Deleted image: f\n'])
  t.is(stderr, 'image f is still DELETING after 120s: calls under way; see --wait-timeout\n')
  t.is(pausedMs(), 120_000)
})
