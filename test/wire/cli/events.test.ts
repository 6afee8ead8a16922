/** Subscriptions, event drivers and their types: bodies, made-up names, tables. */
import test from 'ava'
import { createStage } from './stage.ts'

const accept = () => ({ status: 201, body: {} })

test('subscriptions and drivers get a name when they are given none', async t => {
  const stage = await createStage(t, accept)
  const picks = [1, 0, 859_530, 2, 3, 899_999]
  const randomBelow = (count: number) => (picks.shift() ?? 0) % count
  const subscription = await stage.dispatch(['create', 'subscription', 'f', '--event-type', 'a.b'], { randomBelow })
  const driver = await stage.dispatch(['create', 'event-driver', 'ticker'], { randomBelow })
  t.regex(subscription.stdout, /^created subscription: [a-z]+-[a-z]+-959530\n$/)
  t.regex(driver.stdout, /^Created event driver: [a-z]+-[a-z]+-999999\n$/)
  const names = stage.asked.map(({ body }) => JSON.parse(body).name)
  t.deepEqual(
    names.map(name => `: ${name}\n`),
    [subscription.stdout, driver.stdout].map(line => line.slice(line.indexOf(': '))),
  )
  t.not(names[0].split('-')[0], names[1].split('-')[0])
})

test('the bodies, key by key', async t => {
  const stage = await createStage(t, accept)
  for (const line of [
    'create subscription f --name s --event-type a.b --secret x,y -a shop',
    'create eventdriver ticker --name d --secret x,y',
    'create eventdrivers ticker --name d -s u=http://x?y=z -s debug --set empty= -a shop',
    'create event-driver-type t img --expose',
    'create eventdriver-types t img -a shop',
  ])
    t.is((await stage.dispatch(line.split(' '))).stderr, '', line)
  const shop = '[{"key":"Application","value":"shop"}]'
  t.deepEqual(
    stage.asked.map(({ url, body }) => `${url} ${body}`),
    [
      `/v1/event/subscriptions {"eventType":"a.b","function":"f","name":"s","secrets":["x","y"],"tags":${shop}}`,
      '/v1/event/drivers {"config":null,"name":"d","reason":null,"secrets":["x","y"],"expose":false,"tags":[],"type":"ticker"}',
      '/v1/event/drivers {"config":[{"key":"u","value":"http://x?y=z"},{"key":"debug"},{"key":"empty"}],"name":"d",' +
        `"reason":null,"secrets":[],"expose":false,"tags":${shop},"type":"ticker"}`,
      '/v1/event/drivertypes {"config":null,"image":"img","expose":true,"name":"t","tags":[]}',
      `/v1/event/drivertypes {"config":null,"image":"img","expose":false,"name":"t","tags":${shop}}`,
    ],
  )
})

test('the table of types asks for those that are built in; what scripts read does not, and so lists what can be deleted', async t => {
  const stage = await createStage(t, () => ({ status: 200, body: [] }))
  for (const line of ['get eventdrivertypes', 'get eventdrivertypes -o json', 'get eventdrivertypes --json'])
    t.is((await stage.dispatch(line.split(' '))).code, 0, line)
  t.deepEqual(
    stage.asked.map(({ url }) => url),
    ['/v1/event/drivertypes?builtIn=true', '/v1/event/drivertypes', '/v1/event/drivertypes'],
  )
})

test('filters and retries of a subscription are sent when they are given', async t => {
  const stage = await createStage(t, accept)
  const created = ['create', 'subscription', 'f', '--name', 's', '--event-type', 'a.*']
  await stage.dispatch([...created, '--filter', 'source=/a?b=c', '--filter', 'subject=', '--retry-tries', '9'])
  await stage.dispatch([...created, '--retry-within', '1h'])
  const rest = '"secrets":[],"tags":null}'
  t.deepEqual(
    stage.asked.map(({ body }) => body),
    [
      '{"eventType":"a.*","filter":{"source":"/a?b=c","subject":""},"function":"f","name":"s",' +
        `"retry":{"tries":9},${rest}`,
      `{"eventType":"a.*","function":"f","name":"s","retry":{"withinSeconds":3600},${rest}`,
    ],
  )
  for (const filter of ['source', '=a']) {
    const { code, stderr } = await stage.dispatch([...created, '--filter', filter])
    t.deepEqual([code, stderr], [1, `--filter is KEY=VALUE, not "${filter}"\n`])
  }
  t.is(stage.asked.length, 2)
})

test('update subscription changes what is given, and keeps the rest', async t => {
  const held = {
    ...{ name: 's', kind: 'Subscription', eventType: 'a.b', function: 'f', status: 'READY', createdTime: 1 },
    ...{ filter: { source: 'x' }, retry: { tries: 9, withinSeconds: 60 }, secrets: ['p'], tags: [] },
  }
  const stage = await createStage(t, ({ method, body }) => ({ status: 200, body: method === 'GET' ? held : body }))
  const update = ['update', 'subscription', 's']
  t.deepEqual(await stage.dispatch([...update, '--retry-tries', '3']), {
    code: 0,
    stdout: 'Updated subscription: s\n',
    stderr: '',
  })
  const { status: _, createdTime: __, ...kept } = held
  t.deepEqual(JSON.parse(stage.asked[1]?.body ?? ''), { ...kept, retry: { tries: 3, withinSeconds: 60 } })
  await stage.dispatch([...update, 'g', '--filter', 'subject=y', '--event-type', 'a.*', '--secret', 'q,r'])
  t.deepEqual(JSON.parse(stage.asked[3]?.body ?? ''), {
    ...kept,
    ...{ eventType: 'a.*', function: 'g', filter: { subject: 'y' }, secrets: ['q', 'r'] },
  })
})

test('a setting without a key is refused before any request', async t => {
  const stage = await createStage(t, accept)
  t.deepEqual(await stage.dispatch(['create', 'eventdriver', 'ticker', '--set', '=5']), {
    code: 1,
    stdout: '',
    stderr: 'Invalid Configuration Format, should be --set key=value or --set key\n',
  })
  t.is(stage.asked.length, 0)
})

test('the table of drivers: what they are set to, where they are reached, why they failed', async t => {
  const driver = {
    name: 'd',
    type: 'web',
    status: 'ERROR',
    secrets: ['x', 'y'],
    config: [{ key: 'port', value: '80' }, { key: 'debug' }],
    url: 'http://0.0.0.0:32768',
    reason: ['no image', 'no disk'],
  }
  const stage = await createStage(t, () => ({ status: 200, body: [driver] }))
  t.is(
    (await stage.dispatch(['get', 'event-drivers'])).stdout,
    [
      '  NAME | TYPE | STATUS | SECRETS |    CONFIG    |          URL           |      REASON        ',
      '----------------------------------------------------------------------------------------------',
      '  d    | web  | ERROR  | x,y     | port=80      | http://127.0.0.1:32768 | no image, no disk  ',
      '       |      |        |         | debug        |                        |                    ',
      '----------------------------------------------------------------------------------------------',
      '',
    ].join('\n'),
  )
})

test('the table of subscriptions, and the words of each deletion', async t => {
  const createdTime = 1795489096
  const subscription = { createdTime, eventType: 'my.event', function: 'node-echo-back', name: 'sub1', status: 'READY' }
  const stage = await createStage(t, ({ method }) => ({ status: 200, body: method === 'GET' ? [subscription] : {} }))
  t.is(
    (await stage.dispatch(['get', 'subscriptions'])).stdout,
    [
      '  NAME | EVENT TYPE | FUNCTION NAME  | STATUS |         CREATED DATE          ',
      '------------------------------------------------------------------------',
      '  sub1 | my.event   | node-echo-back | READY  | Tue Nov 24 02:58:16 UTC 2026  ',
      '',
    ].join('\n'),
  )
  t.is((await stage.dispatch(['delete', 'subscriptions', 's'])).stdout, 'Deleted subscription: s\n')
  t.is((await stage.dispatch(['delete', 'eventdrivers', 's'])).stdout, 'Deleted drivers: s\n')
  t.is((await stage.dispatch(['delete', 'event-driver-types', 's'])).stdout, 'Deleted driver types: s\n')
  t.is((await stage.dispatch(['delete', 'apis', 's'])).stdout, 'Deleted api: s\n')
})
