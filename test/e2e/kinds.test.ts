/** Secrets, APIs, event driver types, event drivers and subscriptions from the command line to the store and back. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import testAny, { type ExecutionContext, type TestFn } from 'ava'
import { type LiveServer, startLiveServer } from '../helpers/live-server.ts'

const test = testAny as TestFn<{ server: LiveServer }>
type T = ExecutionContext<{ server: LiveServer }>

/** None of these kinds needs Docker. */
test.before(async t => {
  const server = await startLiveServer({ mayLackDocker: true, env: { DOCKER_HOST: 'unix:///nonexistent.sock' } })
  t.context = { server }
})
test.after.always(t => t.context.server.stop())

/** What a command line that succeeds, and complains of nothing, prints. */
async function run(t: T, line: string): Promise<string> {
  const { code, stdout, stderr } = await t.context.server.cli(...line.split(' '))
  t.deepEqual({ code, stderr }, { code: 0, stderr: '' }, line)
  return stdout
}
const expect = async (t: T, line: string, stdout: string) => t.is(await run(t, line), stdout, line)
const load = async (t: T, line: string) => JSON.parse(await run(t, `${line} -o json`))

async function update(t: T, document: string, stdout: string): Promise<void> {
  const file = join(t.context.server.directory, 'document.yaml')
  await writeFile(file, document)
  t.is(await run(t, `update -f ${file}`), stdout)
}

async function expectGone(t: T, line: string, what: string): Promise<void> {
  const outcome = await t.context.server.cli(...line.split(' '))
  t.deepEqual(outcome, { code: 1, stdout: '', stderr: `[Code: 404] ${what} not found\n` }, line)
}

test.serial('a secret is created, shown without its values, updated and deleted', async t => {
  const file = join(t.context.server.directory, 'secret.json')
  await writeFile(file, '{"password": "OpenSesame"}')
  await expect(t, `create secret open-sesame ${file}`, 'Created secret: open-sesame\n')
  t.regex(
    await run(t, 'get secrets'),
    /^Note: secret values are hidden.*\n\n.*\n-+\n {2}\S{36} \| open-sesame \| <hidden> {2}\n$/,
  )
  await update(
    t,
    'kind: Secret\nname: open-sesame\nsecrets: {password: 1234}\ntags: [{key: role, value: test}]\n',
    'Updated Secret: open-sesame\n',
  )
  const tags = [{ key: 'role', value: 'test' }]
  t.like(await load(t, 'get secret open-sesame'), { secrets: { password: '1234' }, tags })
  await expect(t, 'delete secret open-sesame', 'Deleted secret: open-sesame\n')
  await expectGone(t, 'get secret open-sesame', 'secret open-sesame')
})

test.serial('an API is created, shown with its address, updated and deleted', async t => {
  await expect(t, 'create api hello-api hello -m POST -m GET -p /hello --wait', 'Created api: hello-api\n')
  t.regex(
    await run(t, 'get api hello-api'),
    /\| http {6}\| POST {4}\| {8}\| http:\/\/127\.0\.0\.1:8081\/dispatch\/hello {2}\| public \| READY {2}\| true/,
  )
  await update(
    t,
    'kind: API\nname: hello-api\nfunction: other\nenabled: true\nprotocols: [https]\nuris: [/goodbye]\n',
    'Updated API: hello-api\n',
  )
  t.like(await load(t, 'get api hello-api'), { function: 'other', protocols: ['https'], uris: ['/dispatch/goodbye'] })
  await expect(t, 'get apis --func hello -o json', '[]\n')
  await expect(t, 'delete api hello-api', 'Deleted api: hello-api\n')
  await expectGone(t, 'get api hello-api', 'API hello-api')
})

test.serial('an event driver type and its drivers are created, shown, updated and deleted', async t => {
  await expect(t, 'create eventdrivertype ticker dispatchframework/ticker:0.0.2', 'Created event driver type: ticker\n')
  await update(
    t,
    'kind: DriverType\nname: ticker\nimage: dispatchframework/ticker:0.0.3\nexpose: true\n',
    'Updated DriverType: ticker\n',
  )
  t.regex(await run(t, 'get event-driver-types'), /^ {2}ticker +\| dispatchframework\/ticker:0\.0\.3 +\| true {4}$/m)
  await expect(t, 'create eventdriver ticker --name tick --set seconds=1', 'Created event driver: tick\n')
  t.like(await load(t, 'get eventdriver tick'), { type: 'ticker', config: [{ key: 'seconds', value: '1' }] })
  await update(
    t,
    'kind: Driver\nname: tick\ntype: ticker\nconfig: [{key: seconds, value: 5}]\n',
    'Updated Driver: tick\n',
  )
  t.like(await load(t, 'get event-drivers tick'), { config: [{ key: 'seconds', value: '5' }] })
  const made = await run(t, 'create eventdriver ticker')
  const [, name = ''] = /^Created event driver: ([a-z]+-[a-z]+-\d{6})\n$/.exec(made) ?? []
  await expect(t, `delete eventdriver ${name}`, `Deleted drivers: ${name}\n`)
  await expect(t, 'delete eventdriver tick', 'Deleted drivers: tick\n')
  await expect(t, 'delete eventdrivertype ticker', 'Deleted driver types: ticker\n')
  await expectGone(t, 'get eventdriver tick', 'event driver tick')
  t.like(await load(t, 'get eventdrivertype ticker'), { image: 'built in' })
})

test.serial('a subscription is created, shown, updated and deleted', async t => {
  await expect(t, 'create subscription hello --name sub1 --event-type my.event', 'created subscription: sub1\n')
  await update(
    t,
    'kind: Subscription\nname: sub1\neventType: your.event\nfunction: hello\nsecrets:\ntags: [{label: x}]\n',
    'Updated Subscription: sub1\n',
  )
  t.regex(await run(t, 'get subscriptions'), /^ {2}sub1 \| your\.event \| hello /m)
  await expect(t, 'delete subscription sub1', 'Deleted subscription: sub1\n')
  await expectGone(t, 'get subscription sub1', 'subscription sub1')
})

const seed = [
  'Function: hello-py',
  'Function: http-py',
  'Function: hello-js',
  'Function: hello-ps1',
  'Secret: open-sesame',
  'API: post-hello',
  'DriverType: ticker',
  'Driver: ticker',
  'Subscription: ticker-sub',
]
const examples = fileURLToPath(new URL('../fixtures/cli/working-folder/examples', import.meta.url))

test.serial('a file with nine objects is created, applied and deleted', async t => {
  for (const [verb, word] of [
    ['create', 'Created'],
    ['apply', 'Applied'],
    ['delete', 'Deleted'],
  ])
    await expect(t, `${verb} -f seed.yaml -w ${examples}`, seed.map(title => `${word} ${title}\n`).join(''))
  await expectGone(t, 'get api post-hello', 'API post-hello')
})

test.serial('an event that nobody waits for is emitted', t =>
  expect(t, 'emit nobody.listens --data {"name":"Jon"} --content-type application/json', 'event emitted\n'),
)

test.serial('policies are there in the mode open too, where they are not asked', async t => {
  const outcome = await t.context.server.cli('iam', 'get', 'policies')
  t.deepEqual([outcome.code, outcome.stderr], [0, ''])
})
