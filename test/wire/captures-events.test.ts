/** Recorded requests of existing clients about events, subscriptions, drivers and their types. */
import test from 'ava'
import { type Exchange, loadCapture } from '../helpers/captures.ts'
import { replay } from '../helpers/replay.ts'
import { createTestApp } from '../helpers/test-app.ts'

const { source } = JSON.parse(loadCapture('027')[0]?.request.body ?? '{}')
const subscription = '/v1/event/subscriptions/sub1'
const ticker = { name: 'ticker', image: 'dispatchframework/ticker:0.0.2' }

/** Where answers differ from the recorded ones on purpose: by capture, why, and the status that was recorded. */
const differences: Record<string, { why: string; recorded: string }> = {
  102: { why: 'a driver that does not run is in ERROR and says why, as soon as that is known', recorded: 'CREATING' },
  104: { why: 'a driver that does not run is in ERROR and says why, never READY', recorded: 'READY' },
}

const likeRecorded = (number: string) => (json: string) =>
  json
    .replace('"status":"ERROR"', `"status":"${differences[number]?.recorded}"`)
    .replace(/"reason":\["err running driver [^"]*"\]/, '"reason":null')

for (const number of ['097', '107', '131', '132', '134']) {
  test(`capture ${number} on an empty instance`, async t => {
    await replay(t, await createTestApp(t), { number })
  })
}

test('captures 092 to 131: a subscription comes into being, becomes READY and goes', async t => {
  const app = await createTestApp(t)
  await app.call('POST', '/v1/function', { name: 'node-echo-back', image: 'nodejs', source })
  await replay(t, app, { number: '092' })
  await app.reach(subscription, 'READY')
  for (const number of ['094', '097', '112', '131']) await replay(t, app, { number })
})

test('captures 099 to 132: a driver type and its driver come into being and go', async t => {
  const app = await createTestApp(t)
  await app.call('POST', '/v1/event/drivertypes', ticker)
  await replay(t, app, { number: '099' })
  await replay(t, app, { number: '101' })
  await app.reach('/v1/event/drivers/tick', 'ERROR')
  for (const number of Object.keys(differences)) await replay(t, app, { number, likeRecorded: likeRecorded(number) })
  t.is((await app.call('DELETE', '/v1/event/drivers/tick')).body.status, 'DELETING')
  for (const number of ['107', '111', '132']) await replay(t, app, { number })
})

test('capture 144: the driver type, driver and subscription of a file, with tags', async t => {
  const only = ({ request }: Exchange) => request.url.startsWith('/v1/event/')
  await replay(t, await createTestApp(t), { number: '144', only })
})
