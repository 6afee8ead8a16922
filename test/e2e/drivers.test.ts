/** Event drivers of the built server, in real containers: what they reach, how they are kept running, and that none is left over. */
import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { renderSignature } from '../../server/drivers/http/signature.ts'
import { buildTickerImage } from '../helpers/driver-image.ts'
import { type LiveServer, startLiveServer } from '../helpers/live-server.ts'
import { until } from '../helpers/wait.ts'

const image = 'dispatch-test/ticker:1'
test.before(() => buildTickerImage(image))

const docker = (...args: string[]): string =>
  execFileSync('docker', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })

const idOf = async (directory: string): Promise<string> =>
  (await readFile(join(directory, 'dispatch-data/instance-id'), 'utf8')).trim()

async function listOf(kind: 'ps' | 'network', directory: string): Promise<string[]> {
  const filter = ['--filter', `label=io.dispatchframework.solo.drivers=${await idOf(directory)}`]
  const command = kind === 'ps' ? ['ps', '-aq', '--no-trunc'] : ['network', 'ls', '-q']
  return docker(...command, ...filter)
    .split('\n')
    .filter(Boolean)
}

async function createStage(t: ExecutionContext): Promise<{ server: LiveServer; directory: string }> {
  const directory = await mkdtemp(join(tmpdir(), 'dispatch-drivers-'))
  t.teardown(() => rm(directory, { recursive: true, force: true }))
  const server = await startLiveServer({ directory })
  t.teardown(() => server.stop())
  t.is((await server.cli('create', 'eventdrivertype', 'ticker', image)).code, 0)
  return { server, directory }
}

const show = async ({ cli }: LiveServer, name: string) =>
  JSON.parse((await cli('get', 'eventdriver', name, '-o', 'json')).stdout)

const reach = (server: LiveServer, name: string, status: string) =>
  until(`${name} is ${status}`, async () => {
    const shown = await show(server, name)
    return shown.status === status && shown
  })

test.serial('a driver reaches the ingest listener by its address and token, and nothing else there', async t => {
  const { server } = await createStage(t)
  await server.cli('create', 'eventdriver', 'ticker', '--name', 'report', '--set', 'report')
  const { reason } = await reach(server, 'report', 'ERROR')
  const [, printed = ''] = /ended with code 9: (\{.*\}); it is started again$/.exec(reason[0]) ?? []
  t.deepEqual(JSON.parse(printed), {
    ping: 405,
    one: 200,
    header: 200,
    list: 200,
    stranger: 401,
    functions: 404,
    health: 404,
  })
  t.false((await server.log()).includes('AUTH_TOKEN'))
})

test.serial('capture 109: its container carries the label and the arguments that scripts know', async t => {
  const { server, directory } = await createStage(t)
  const made = await server.cli('create', 'eventdriver', 'ticker', '--name', 'tick', '--set', 'seconds=1', '--wait')
  t.is(made.code, 0)
  const [id = ''] = await listOf('ps', directory)
  const [{ Config, HostConfig }] = JSON.parse(docker('inspect', id))
  t.regex(Config.Labels['dispatch-eventdriver-id'], /^[0-9a-f-]{36}$/)
  t.is(Config.Cmd[0], '--seconds=1')
  t.regex(Config.Cmd[1], /^--dispatch-api-endpoint=\d+\.\d+\.\d+\.\d+:8082$/)
  t.true(Config.Env.some((line: string) => line.startsWith('AUTH_TOKEN=')))
  t.notRegex(HostConfig.RestartPolicy.Name, /always/)
  t.deepEqual(HostConfig.PortBindings ?? {}, {})
  t.deepEqual(HostConfig.CapDrop, ['ALL'])
})

test.serial(
  'what kills its container or the server does not end it; a stop leaves neither container nor network',
  async t => {
    const { server, directory } = await createStage(t)
    await server.cli('create', 'eventdriver', 'ticker', '--name', 'tick', '--set', 'seconds=1', '--wait')
    const [first = ''] = await listOf('ps', directory)
    docker('kill', first)
    const second = await until('there is another container', async () => {
      const [id] = await listOf('ps', directory)
      return id !== undefined && id !== first && id
    })
    await reach(server, 'tick', 'READY')
    await server.stop('SIGKILL')
    t.deepEqual(await listOf('ps', directory), [second])
    const again = await startLiveServer({ directory })
    t.teardown(() => again.stop())
    await reach(again, 'tick', 'READY')
    t.deepEqual(await listOf('ps', directory), [second])
    await again.stop()
    t.deepEqual(await listOf('ps', directory), [])
    t.deepEqual(await listOf('network', directory), [])
  },
)

test.serial('one that is exposed is reached at its url, and sends on what comes there', async t => {
  const { server } = await createStage(t)
  await server.cli('create', 'eventdrivertype', 'web', image, '--expose')
  await server.cli('create', 'eventdriver', 'web', '--name', 'hook', '--set', 'web', '--wait')
  const { url, expose } = await reach(server, 'hook', 'READY')
  t.true(expose)
  t.regex(url, /^http:\/\/127\.0\.0\.1:\d+$/)
  t.is((await fetch(url, { method: 'POST', body: 'hello' })).status, 200)
  t.is((await server.cli('delete', 'eventdriver', 'hook')).code, 0)
  await until('nobody listens there', () =>
    fetch(url).then(
      () => false,
      () => true,
    ),
  )
})

test.serial('the built-in type vcenter: its program runs in a container, and says what it lacks', async t => {
  const { server } = await createStage(t)
  await server.cli('create', 'eventdriver', 'vcenter', '--name', 'vc', '--set', 'url=https://vcenter.example.com/sdk')
  const { reason } = await reach(server, 'vc', 'ERROR')
  t.regex(reason[0], /ended with code 2: a secret with the keys vcenter-user and vcenter-password is needed; /)
})

test.serial('the built-in type http: a signed webhook becomes an event, an unsigned one does not', async t => {
  const { server, directory } = await createStage(t)
  t.regex((await server.cli('get', 'eventdrivertypes')).stdout, /^ {2}http +\| built in +\| true/m)
  const file = join(directory, 'secret.json')
  await writeFile(file, JSON.stringify({ 'webhook-secret': 'open sesame' }))
  await server.cli('create', 'secret', 'hub', file)
  const settings = ['--set', 'event-type=github', '--set', 'event-type-header=x-github-event']
  const made = await server.cli(
    'create',
    'eventdriver',
    'http',
    '--name',
    'hub',
    '--secret',
    'hub',
    ...settings,
    '--wait',
  )
  t.is(made.code, 0, made.stderr)
  const { url } = await show(server, 'hub')
  const body = JSON.stringify({ ref: 'refs/heads/main', size: 1 })
  const post = (signature: string) => {
    const headers = { 'content-type': 'application/json', 'x-github-event': 'push', 'x-hub-signature-256': signature }
    return fetch(`${url}/hooks`, { method: 'POST', body, headers })
  }
  t.is((await post('sha256=0')).status, 401)
  const answer = await post(renderSignature('open sesame', Buffer.from(body)))
  t.is(answer.status, 202, await answer.text())
  const { stdout } = await server.cli('get', 'eventdriver', 'hub', '-o', 'json')
  t.false(stdout.includes('sesame'))
})
