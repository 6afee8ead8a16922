/** Built-in driver types through REST, and drivers of them that a part of the server runs. */
import test, { type ExecutionContext } from 'ava'
import type { BuiltInType, HostedDriver } from '../../../../server/events/built-in-types.ts'
import { createTestApp, driverOptions } from '../../../helpers/test-app.ts'
import { until } from '../../../helpers/wait.ts'

const types = '/v1/event/drivertypes'
const drivers = '/v1/event/drivers'
const item = `${drivers}/beat`
const body = (config: Record<string, string> = {}, fields = {}) => ({
  name: 'beat',
  type: 'pulse',
  config: Object.entries(config).map(([key, value]) => ({ key, value })),
  ...fields,
})

/** A server with the built-in type `pulse`, which notes what runs. */
async function createStage(t: ExecutionContext) {
  const running: HostedDriver[] = []
  const pulse: BuiltInType = {
    name: 'pulse',
    config: [{ key: 'seconds', value: '60' }],
    expose: false,
    runs: {
      hosted: {
        findFault: ({ seconds }) => (Number(seconds) > 0 ? undefined : `seconds is "${seconds}", which is no number`),
        start: driver => {
          running.push(driver)
          return async () => void running.splice(running.indexOf(driver), 1)
        },
      },
    },
  }
  return { ...(await createTestApp(t, {}, { drivers: { ...driverOptions, builtInTypes: [pulse] } })), running }
}

test('a built-in type is shown in every organization, listed for who asks for that, and can be neither replaced nor deleted', async t => {
  const { call } = await createStage(t)
  await call('POST', types, { name: 'zebra', image: 'me/zebra:1' })
  await call('POST', types, { name: 'ant', image: 'me/ant:1' })
  const namesOf = async (query: string) =>
    (await call('GET', types + query)).body.map(({ name }: { name: string }) => name)
  t.deepEqual(await namesOf('?builtIn=true'), ['ant', 'cron', 'pulse', 'ticker', 'zebra'])
  for (const query of ['', '?builtIn=', '?builtIn=true&tags=a']) t.false((await namesOf(query)).includes('pulse'))
  const shown = (await call('GET', `${types}/pulse`, undefined, { 'x-dispatch-org': 'other' })).body
  t.like(shown, { name: 'pulse', image: 'built in', config: [{ key: 'seconds', value: '60' }], expose: false })
  const message = /^event driver type pulse is built in/
  for (const [verb, sent] of [['PUT', { name: 'pulse', image: 'me/pulse:1' }] as const, ['DELETE'] as const]) {
    const { status, body: refused } = await call(verb, `${types}/pulse`, sent)
    t.is(status, 404)
    t.regex(refused.message, message)
  }
})

test('one that is made takes the place of the built-in type of its name until it is deleted', async t => {
  const { call } = await createStage(t)
  t.is((await call('POST', types, { name: 'pulse', image: 'me/pulse:1' })).status, 201)
  t.deepEqual(
    (await call('GET', `${types}?builtIn=true`)).body.map(({ image }: { image: string }) => image),
    ['built in', 'me/pulse:1', 'built in'],
  )
  t.is((await call('PUT', `${types}/pulse`, { name: 'pulse', image: 'me/pulse:2' })).body.image, 'me/pulse:2')
  t.is((await call('DELETE', `${types}/pulse`)).body.image, 'me/pulse:2')
  t.is((await call('GET', `${types}/pulse`)).body.image, 'built in')
})

test("a driver of it runs with the type's settings, its own and its secrets; it is started anew when one of them changes", async t => {
  const { call, reach, running } = await createStage(t)
  await call('POST', '/v1/secret', { name: 'key', secrets: { password: 'x' } })
  await call('POST', drivers, body({ source: 'clock' }, { secrets: ['key'] }))
  await reach(item, 'READY')
  const settings = { seconds: '60', source: 'clock' }
  t.like(running[0], { org: 'dispatch', name: 'beat', settings, secrets: { password: 'x' } })
  await call('PUT', item, body({ seconds: '5' }))
  await until('it runs anew', async () => running[0]?.settings.seconds === '5')
  await call('POST', '/v1/secret', { name: 'other', secrets: { password: 'y' } })
  await call('PUT', item, body({ seconds: '5' }, { secrets: ['other'] }))
  await until('it has the other secret', async () => running[0]?.secrets.password === 'y')
  await call('PUT', '/v1/secret/other', { name: 'other', secrets: { password: 'z' } })
  await until('it has the new secret', async () => running[0]?.secrets.password === 'z')
  t.is(running.length, 1)
  await call('DELETE', item)
  await until('it has ended', async () => running.length === 0)
})

test('settings that cannot be are told, and what keeps it from its work', async t => {
  const { call, reach, running } = await createStage(t)
  await call('POST', drivers, body({ seconds: 'x' }))
  t.deepEqual((await reach(item, 'ERROR')).body.reason, ['seconds is "x", which is no number'])
  t.is(running.length, 0)
  await call('PUT', item, body({}, { secrets: ['gone'] }))
  await until('its secret is missed', async () =>
    (await call('GET', item)).body.reason?.[0]?.startsWith(
      'err getting secrets of driver of the built-in type pulse: ',
    ),
  )
  await call('PUT', item, body())
  t.is((await reach(item, 'READY')).body.reason, null)
  running[0]?.report('the clock has stopped')
  t.deepEqual((await reach(item, 'ERROR')).body.reason, ['the clock has stopped'])
  running[0]?.report(undefined)
  await reach(item, 'READY')
})

test('a driver whose type was made is none of the built-in one until it is updated', async t => {
  const { call, reach, running } = await createStage(t)
  await call('POST', types, { name: 'pulse', image: 'me/pulse:1' })
  await call('POST', drivers, body())
  await reach(item, 'ERROR')
  t.is(running.length, 0)
  await call('DELETE', `${types}/pulse`)
  await call('PUT', item, body())
  await reach(item, 'READY')
  t.is(running.length, 1)
  await call('POST', types, { name: 'pulse', image: 'me/pulse:1' })
  await call('PUT', item, body())
  await until('it has ended', async () => running.length === 0)
})
