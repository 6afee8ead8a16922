/** Calls of a container that is played: it comes late, moves, breaks, or does not answer. */
import { setImmediate } from 'node:timers/promises'
import test, { type ExecutionContext } from 'ava'
import { FunctionLoadError } from '../../../../../server/core/execution.ts'
import { createHttpWorker } from '../../../../../server/engine/http/worker.ts'
import { defaultLimits } from '../../../../../server/engine/options.ts'
import {
  answering,
  type PlayedContainer,
  type PlayOptions,
  playContainer,
  refusal,
} from '../../../../helpers/played-container.ts'
import { until } from '../../../../helpers/wait.ts'

const healthy = answering({})
const served = (payload: unknown) => answering({ context: { error: null, logs: null }, payload })
const request = { contextJson: '{"secrets":{}}', payloadJson: '1' }

function play(t: ExecutionContext, listeners: PlayOptions['listeners'], limits: Partial<typeof defaultLimits> = {}) {
  const played = playContainer(t, { listeners })
  const worker = createHttpWorker({
    number: 1,
    capacity: 1,
    place: played.place,
    limits: { ...defaultLimits, ...limits },
  })
  return { played, worker }
}

/** Answers for its health, and to calls as it is told. */
const proxy = (onCall: Parameters<PlayedContainer['listeners']['set']>[1]): PlayOptions['listeners'] => ({
  8080: (request, response) => (request.url === '/healthz' ? healthy : onCall)(request, response),
})

test('context and payload are posted as they are', async t => {
  const bodies: string[] = []
  const { worker } = play(
    t,
    proxy((request, response) => {
      request.on('data', chunk => bodies.push(String(chunk)))
      request.on('end', () => served(5)(request, response))
    }),
  )
  t.like(await worker.call(request), { kind: 'result', error: undefined })
  t.deepEqual(bodies, ['{"context":{"secrets":{}},"payload":1}'])
})

test('a call that its proxy refuses has not run: it is made again until it is answered', async t => {
  let refusals = 0
  const { worker } = play(
    t,
    proxy((request, response) => {
      refusals += 1
      if (refusals > 3) served('at last')(request, response)
      else answering(refusal)(request, response)
    }),
  )
  const end = await worker.call(request)
  t.is(end.kind === 'result' && String(end.output), '"at last"')
  t.is(refusals, 4)
})

test('who refuses for too long loses the container, and the call may run in another one', async t => {
  const { worker, played } = play(t, proxy(answering(refusal)), { refusedMs: 100 })
  t.is((await worker.call(request)).kind, 'unreached')
  t.is(await played.place.lost, 'it refused a call for 0.1 s')
  t.true(worker.isLeaving)
  t.is((await worker.call(request)).kind, 'unreached')
})

test('a container that has ended is started again and found where it has moved to', async t => {
  const { worker, played } = play(t, proxy(served('here')))
  const first = (await played.place.reach()).url
  await played.end()
  t.like(await worker.call(request), { kind: 'result', error: undefined })
  t.not((await played.place.reach()).url, first)
  t.is(played.starts, 2)
})

test('the calls under way in a container that ends are ours, those of one without memory are told so', async t => {
  for (const outOfMemory of [false, true]) {
    const calls: unknown[] = []
    const { worker, played } = play(
      t,
      proxy(() => calls.push(1)),
    )
    const cut = worker.call(request)
    await until('it has the call', async () => calls.length > 0)
    await played.end({ outOfMemory, exitCode: 137 })
    const end = await cut
    if (outOfMemory) t.like(end, { kind: 'exited', end: { outOfMemory: true } })
    else t.regex(end.kind === 'result' ? (end.error?.message ?? '') : '', /^request to function container on http:/)
  }
})

test('a container that is removed is lost, and the call that it did not get may run in another one', async t => {
  const { worker, played } = play(t, proxy(served(1)))
  await worker.call(request)
  await played.remove()
  t.is((await worker.call(request)).kind, 'unreached')
  t.is(await played.place.lost, 'it is not there any more')
  t.is((await worker.ended).kind, 'lost')
})

test('a late call ends with what its proxy tells of it', async t => {
  const calls: (() => void)[] = []
  const told = answering({ context: { logs: { stdout: ['before'], stderr: null } } })
  const { worker } = play(
    t,
    proxy((request, response) => calls.push(() => told(request, response))),
  )
  const call = worker.call(request)
  const answer = await until('it has the call', async () => calls[0])
  worker.giveUp(call)
  answer()
  const end = await call
  t.deepEqual(end.kind === 'result' && end.logs.map(String), ['before\n', ''])
  t.false(worker.isLeaving)
})

test('a call that does not end at its deadline costs the container', async t => {
  const calls: unknown[] = []
  const { worker, played } = play(
    t,
    proxy(() => calls.push(1)),
    { graceMs: 50 },
  )
  const call = worker.call(request)
  await until('it has the call', async () => calls.length > 0)
  worker.giveUp(call)
  t.is((await call).kind, 'result')
  t.is(await played.place.lost, 'a call did not end at its deadline')
})

test('a call that nobody has yet ends at its deadline without harm', async t => {
  const { worker, played } = play(t, { 8080: answering({}, 500) })
  const call = worker.call(request)
  worker.giveUp(call)
  t.is((await call).kind, 'result')
  t.false(await Promise.race([played.place.lost.then(() => true), Promise.resolve(false)]))
})

test('a proxy whose language server went away in a call loses the container', async t => {
  const error = { type: 'SystemError', message: 'Unknown system error: EOF', stacktrace: null }
  const { worker, played } = play(t, proxy(answering({ context: { error } })))
  t.like(await worker.call(request), { kind: 'result', error })
  t.regex(await played.place.lost, /language server went away/)
})

test('ready is who answers for its health, and behind whose proxy something listens', async t => {
  const played = playContainer(t, { listeners: { 8080: answering({}, 500), 9000: healthy }, hasLanguageServer: true })
  let isReached = false
  const reached = played.place.reach().then(() => {
    isReached = true
  })
  await until('it is asked', async () => played.starts === 1)
  t.false(isReached)
  played.listeners.set(8080, healthy)
  await reached
  t.true(isReached)
})

test('who is never healthy cannot be loaded, and says so', async t => {
  const played = playContainer(t, { listeners: { 8080: answering({}, 500) }, readyTimeoutMs: 200 })
  const refused = await t.throwsAsync(played.place.reach(), { instanceOf: FunctionLoadError })
  t.regex(refused?.message ?? '', /^it did not become healthy within 0\.2 s: GET http:\S+\/healthz: status 500$/)
})

test('whose container ends before it answers cannot be loaded, and its last words say why', async t => {
  const failing = { exitCode: 3 }
  const { place } = playContainer(t, { listeners: {}, failing })
  const refused = await t.throwsAsync(place.reach(), { instanceOf: FunctionLoadError })
  t.is(refused?.message, 'its container ended with exit code 3 before it answered\nits last words')
})

test('a container that ends again before it answers is lost, and not started for ever', async t => {
  const { worker, played } = play(t, proxy(served(1)))
  await worker.call(request)
  played.listeners.clear()
  await played.end()
  await until('it is started again', async () => played.starts === 2)
  await played.end()
  t.is(await played.place.lost, 'it ended before it answered')
  t.is(played.starts, 2)
})

test('a container that ends without a call served is not started by itself: the next call starts it', async t => {
  const { worker, played } = play(t, proxy(served(1)))
  await played.place.reach()
  await played.end()
  // The played Docker answers at once.
  await setImmediate()
  t.is(played.starts, 1)
  t.like(await worker.call(request), { kind: 'result', error: undefined })
  t.is(played.starts, 2)
})

test('a container that is lost stays as it is when it ends', async t => {
  const { played } = play(t, proxy(served(1)))
  await played.place.reach()
  const { looks } = played
  played.place.lose('enough')
  await played.end()
  await setImmediate()
  t.is(played.looks, looks)
})

test('a call that was sent is not made again, whatever goes wrong afterwards', async t => {
  const { place } = playContainer(t, { listeners: proxy((_, response) => response.destroy()) })
  const explain = () => Promise.reject(new Error('nobody knows'))
  const worker = createHttpWorker({ number: 1, capacity: 1, place: { ...place, explain }, limits: defaultLimits })
  const end = await worker.call(request)
  t.like(end, { kind: 'result', error: { type: 'SystemError' } })
  t.regex(end.kind === 'result' ? (end.error?.message ?? '') : '', / failed: nobody knows$/)
})
