/** Schedules from the command line: made, looked at and deleted as one, on a server of their own. */
import test, { type ExecutionContext } from 'ava'
import { createFakeWall } from '../../helpers/fake-wall.ts'
import { createTestApp, driverOptions } from '../../helpers/test-app.ts'
import { until } from '../../helpers/wait.ts'
import { createStage as createCliStage } from './stage.ts'

const startMs = Date.parse('2026-05-01T10:20:00Z')
const organization = 'dispatch'
const create = ['create', 'schedule', 'report', '--function', 'report']

async function createStage(t: ExecutionContext) {
  const wall = createFakeWall(startMs)
  const server = await createTestApp(t, {}, { drivers: { ...driverOptions, wall } })
  await server.app.api.listen({ host: '127.0.0.1', port: 0 })
  const address = server.app.api.server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const stage = await createCliStage(t)
  const env = { DISPATCH_PORT: String(port), DISPATCH_ORGANIZATION: organization }
  const dispatch = (...words: string[]) => stage.dispatch(words, { env })
  const cells = async () =>
    (await dispatch('get', 'schedules')).stdout
      .split('\n')
      .slice(2, -1)
      .map(line => line.split('|').map(cell => cell.trim()))
  return { ...server, wall, dispatch, cells }
}

test('a schedule is a driver and a subscription of its name, and its input is the data of its events', async t => {
  const { call, reach, dispatch, cells, wall, store } = await createStage(t)
  const input = '{"n": 12345678901234567890}'
  const made = await dispatch(...create, '--cron', '30 12 * * *', '--timezone', 'Europe/Berlin', '--input', input)
  t.deepEqual(made, { code: 0, stdout: 'Created schedule: report\n', stderr: '' })
  t.like((await call('GET', '/v1/event/subscriptions/report')).body, {
    eventType: 'schedule.report',
    function: 'report',
  })
  await reach('/v1/event/drivers/report', 'READY')
  await reach('/v1/event/subscriptions/report', 'ERROR')
  const next = 'Fri May  1 10:30:00 UTC 2026'
  const reason = 'function report not found'
  t.deepEqual(await cells(), [['report', '30 12 * * *', 'Europe/Berlin', 'report', 'ERROR', next, reason]])
  const events = async () => (await store.events.list({ org: organization, limit: 9 })).map(({ body }) => body)
  await until('it is emitted', async () => {
    wall.pass(60_000)
    return (await events()).length > 0
  })
  t.regex((await events())[0] ?? '', /"eventType":"schedule.report".*"data":\{"n":12345678901234567890\}/)
})

test('it is told as a whole, and in JSON', async t => {
  const { reach, dispatch } = await createStage(t)
  await dispatch(...create, '--cron', '@hourly', '--input', '1')
  await reach('/v1/event/drivers/report', 'READY')
  await reach('/v1/event/subscriptions/report', 'ERROR')
  const { stdout } = await dispatch('describe', 'schedule', 'report')
  const wanted = [
    'name: report',
    'cron: .@hourly.',
    'catchUp: last',
    'nextRun: Fri May  1 11:00:00 UTC 2026',
    'driver: READY',
  ]
  for (const line of wanted) t.regex(stdout, new RegExp(`^${line}$`, 'm'))
  t.like(JSON.parse((await dispatch('get', 'schedule', 'report', '-o', 'json')).stdout), {
    name: 'report',
    kind: 'Schedule',
    input: 1,
    nextRun: (startMs + 2_400_000) / 1000,
  })
  t.regex((await dispatch('describe', 'eventdriver', 'report')).stdout, /^nextRun: Fri May {2}1 11:00:00 UTC 2026$/m)
})

test('what cannot be is told: by --wait with the reason, and nothing of it stays when one part is refused', async t => {
  const { call, dispatch, cells } = await createStage(t)
  t.is((await dispatch('create', 'schedule', 'report', '--cron', '@hourly')).code, 1)
  const wrong = await dispatch(...create, '--cron', '0 25 * * *', '--wait')
  t.is(wrong.code, 1)
  t.regex(
    wrong.stderr,
    /event driver report ended in ERROR: cron is "0 25 \* \* \*", which is no schedule: .*write for/,
  )
  t.regex((await dispatch(...create, '--cron', '@hourly')).stderr, /subscription report already exists/)
  const upper = await dispatch('create', 'schedule', 'Report', '--function', 'report', '--cron', '@hourly')
  t.regex(upper.stderr, /should start with lower case letter or number/)
  await until('its subscription is gone', async () => (await cells()).length === 1)
  t.is((await call('GET', '/v1/event/subscriptions/report')).status, 200)
})

test('it is deleted as a whole, also when a part is missing, and leaves what only has its name', async t => {
  const { call, dispatch, cells } = await createStage(t)
  await dispatch(...create, '--cron', '@hourly')
  t.deepEqual(await dispatch('delete', 'schedule', 'report', '--wait'), {
    code: 0,
    stdout: 'Deleted schedule: report\n',
    stderr: '',
  })
  t.is((await call('GET', '/v1/event/drivers/report')).status, 404)
  t.is((await call('GET', '/v1/event/subscriptions/report')).status, 404)
  t.deepEqual(await dispatch('delete', 'schedule', 'report'), {
    code: 1,
    stdout: '',
    stderr: '[Code: 404] schedule report not found\n',
  })
  await dispatch(...create, '--cron', '@hourly')
  await dispatch('delete', 'eventdriver', 'report', '--wait')
  t.like((await cells())[0], { 4: 'ERROR', 6: 'its event driver is missing, function report not found' })
  t.is((await dispatch('delete', 'schedule', 'report', '--wait')).code, 0)
  await dispatch('create', 'subscription', 'report', '--name', 'report', '--event-type', 'user.created')
  t.is((await dispatch('delete', 'schedule', 'report')).code, 1)
  t.is((await call('GET', '/v1/event/subscriptions/report')).status, 200)
})
