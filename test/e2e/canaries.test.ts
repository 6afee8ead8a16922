/** Canaries: what is secret is given to the built server by the built CLI, used, and looked for in all that both write. */
import { execFileSync, spawnSync } from 'node:child_process'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import { packSource } from '../../cli/source/archive.ts'
import { renderSignature } from '../../server/drivers/http/signature.ts'
import { findCanaries, readTree } from '../helpers/canaries.ts'
import { registryCredentials, startRegistry } from '../helpers/registry.ts'
import { runtimeImage } from '../helpers/runtime-images.ts'
import { until } from '../helpers/wait.ts'
import { commands, isAbout, onPurpose } from './canaries/on-purpose.ts'
import { createStage, type Stage } from './canaries/stage.ts'

const code = (canary: string): string => `# ${canary}
def handle(context, payload):
    print('asked')
    values = context['secrets'].values()
    if payload.get('fail'):
        raise RuntimeError('no luck')
    return {'length': sum(len(value) for value in values)}
`

const docker = (...args: string[]): string[] =>
  execFileSync('docker', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    .split('\n')
    .filter(Boolean)

/** Those of functions are labelled `instance`. */
async function findContainers(directory: string, label: 'instance' | 'drivers'): Promise<string[]> {
  const instance = (await readFile(join(directory, 'dispatch-data/instance-id'), 'utf8')).trim()
  return docker('ps', '-aq', '--filter', `label=io.dispatchframework.solo.${label}=${instance}`)
}

/** Of both streams; Docker keeps none of functions, and says so. */
const readLogs = (id: string): string => {
  const { stdout, stderr } = spawnSync('docker', ['logs', id], { encoding: 'utf8' })
  return stdout + stderr
}

/** Lets jon in, who does all that follows. */
async function logIn({ t, server, directory, socket, canaries, textOf, cli, ask }: Stage): Promise<void> {
  const [former, password] = [textOf('formerPassword'), textOf('password')]
  const config = join(directory, 'cli.json')
  const readSession = async (): Promise<string> => JSON.parse(await readFile(config, 'utf8')).contexts.test.cookie
  await cli(`--socket ${socket} iam bootstrap --user jon`)
  await cli(`--socket ${socket} iam create user jon --password-stdin`, { input: `${former}\n` })
  await cli('login --user jon --password-stdin', { input: `${textOf('wrongPassword')}\n`, exit: 1 })
  await cli('login --user jon --password-stdin', { input: `${former}\n` })
  canaries.formerSession = await readSession()
  await cli('iam set-password --password-stdin', { input: `${former}\n${password}\n` })
  await cli('login --user jon --password-stdin', { input: `${password}\n` })
  t.is((await stat(config)).mode & 0o777, 0o600)
  canaries.session = await readSession()
  canaries.token = (await cli('iam create token ci --quiet')).trim()
  t.regex(`${canaries.session} ${canaries.token}`, /^dss_\S{40,} dst_\S{40,}$/)
  const json = { 'content-type': 'application/json' }
  for (const user of ['jon', textOf('typedName')]) {
    const body = JSON.stringify({ user, password: textOf('wrongPassword') })
    t.is(await ask('a wrong login', `${server.url}/v1/iam/login`, { method: 'POST', headers: json, body }), 401)
  }
  const wrong = textOf('wrongToken')
  const sent = [{ authorization: `Bearer ${wrong}` }, { cookie: wrong }, { authorization: `Bearer dst_${wrong}` }]
  for (const each of sent) {
    const headers = { ...each, 'x-dispatch-org': 'dispatch' }
    t.is(await ask('a wrong token', `${server.url}/v1/function`, { headers }), 401)
  }
}

async function plant({ inputs, canaries, textOf, cli, file }: Stage): Promise<void> {
  await file('password.txt', textOf('file'))
  await file('users.json', JSON.stringify({ jon: textOf('basic') }))
  await file('reader.py', code(textOf('source')))
  await cli('create secret file --from-file password=password.txt')
  await cli('create secret literal --from-literal word=@literal')
  await cli('create secret env --from-env WORD')
  await cli('create secret users users.json')
  await cli('create secret hook --from-file webhook-secret=-', { input: textOf('hook') })
  await cli('create base-image python3-base dispatchframework/python3-base:0.0.13 --language python3 --wait')
  await cli('create image python3 python3-base --wait')
  await cli('create function reader reader.py --image python3 --secret file,literal,env --wait')
  const archive = await packSource({ functionName: 'reader', cwd: inputs, path: 'reader.py', handler: '' })
  canaries.archive = Buffer.from(archive, 'base64').subarray(40, 80)
  await cli('create api guarded reader --method POST --path /guarded --auth basic --auth-secret users --wait')
  await cli('create eventdriver http --name hub --secret hook --set event-type=hub --set id-header=@setting --wait')
  await cli('create subscription reader --name sub --event-type hub --retry-tries 1 --wait')
}

/** An image of a registry that asks for a password, and gets a wrong one and the right one. */
async function pull({ t, textOf, cli }: Stage): Promise<void> {
  const registry = await startRegistry(t)
  const image = await registry.push(runtimeImage('python3').dockerImage, 'theirs:1')
  const create = async (name: string, password: string): Promise<void> => {
    const credentials = `--from-literal username=${registryCredentials.username} --from-file password=-`
    await cli(`create secret ${name} ${credentials}`, { input: password })
    await cli(`create base-image ${name} ${image} --language python3 --pull-secret ${name}`)
  }
  const reach = (name: string, status: string) =>
    until(`${name} is ${status}`, async () => (await cli(`get base-image ${name} -o json`)).includes(`"${status}"`))
  await create('refused', textOf('wrongPull'))
  await reach('refused', 'ERROR')
  await cli('describe base-image refused')
  await cli('delete base-image refused')
  t.teardown(() => docker('rmi', image))
  await create('pulled', textOf('pull'))
  await reach('pulled', 'READY')
}

async function use({ t, server, textOf, cli, ask }: Stage): Promise<void> {
  const length = textOf('file').length + textOf('literal').length + textOf('env').length
  t.deepEqual(JSON.parse(await cli('run reader')), { length })
  await cli('exec reader --wait --fail --input {"fail":true}', { exit: 3 })
  await cli('exec reader --wait --fail --secret users,absent', { exit: 3 })
  const basic = (password: string) => ({ authorization: `Basic ${Buffer.from(`jon:${password}`).toString('base64')}` })
  const guarded = `${server.gatewayUrl}/dispatch/guarded`
  t.is(await ask('the gateway', guarded, { method: 'POST', headers: basic(textOf('basic')) }), 200)
  t.is(await ask('the gateway refuses', guarded, { method: 'POST', headers: basic(textOf('wrongBasic')) }), 401)
  const countRuns = async (): Promise<number> => JSON.parse(await cli('get runs reader -o json')).length
  const before = await countRuns()
  const { url } = JSON.parse(await cli('get eventdriver hub -o json'))
  const body = JSON.stringify({ data: textOf('data') })
  const headers = { 'content-type': 'application/json' }
  const signed = { ...headers, 'x-hub-signature-256': renderSignature(textOf('hook'), Buffer.from(body)) }
  t.is(await ask('a webhook', url, { method: 'POST', headers: signed, body }), 202)
  t.is(await ask('a webhook refused', url, { method: 'POST', headers, body }), 401)
  await cli('emit hub --data {"fail":true}')
  await until('both events have called', async () => (await countRuns()) >= before + 2)
  const authorization = `Bearer ${textOf('token')}`
  t.is(await ask('a token', `${server.url}/v1/function`, { headers: { authorization } }), 200)
}

/** The listener for drivers, with tokens in its URL, as drivers of the original send them. */
async function ingest({ t, directory, canaries, textOf, ask }: Stage): Promise<void> {
  const inspected = docker('inspect', ...(await findContainers(directory, 'drivers'))).join('\n')
  const [, address] = /--dispatch-api-endpoint=([\d.]+:\d+)/.exec(inspected) ?? []
  const [, token = ''] = /"AUTH_TOKEN=([^"]{20,})"/.exec(inspected) ?? []
  canaries.driverToken = token
  const body = JSON.stringify({ eventType: 'tick', cloudEventsVersion: '0.1', source: 'tests', eventID: '1' })
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body }
  const send = (authToken: string) =>
    ask('ingest', `http://${address}/v1/event/ingest?authToken=${encodeURIComponent(authToken)}`, init)
  t.is(await send(textOf('wrongToken')), 401)
  t.is(await send(token), 200)
}

async function rotate({ t, directory, canaries, cli }: Stage): Promise<void> {
  const readKey = async (): Promise<Buffer> => {
    const lines = (await readFile(join(directory, 'dispatch-data.key'), 'utf8')).trim().split('\n')
    return Buffer.from(lines.at(-1) ?? '', 'base64')
  }
  canaries.formerKey = await readKey()
  await cli('iam rotate-keys')
  canaries.key = await readKey()
  t.false(canaries.key.equals(canaries.formerKey))
}

/** What is written and shown while it runs and, once it has stopped, what is left. */
async function readAll({ t, server, directory, said, textOf, cli, ask, lines }: Stage): Promise<void> {
  for (const command of commands) await cli(command)
  const headers = { authorization: `Bearer ${textOf('token')}` }
  t.is(await ask('/metrics', `${server.url}/metrics`, { headers }), 200)
  for (const [of, label] of [
    ['functions', 'instance'],
    ['drivers', 'drivers'],
  ] as const) {
    const ids = await findContainers(directory, label)
    t.not(ids.length, 0, of)
    said.set(`docker inspect of ${of}`, docker('inspect', ...ids).join('\n'))
    said.set(`docker logs of ${of}`, ids.map(readLogs).join('\n'))
  }
  said.set('command line of the server', await readFile(`/proc/${server.pid}/cmdline`, 'latin1'))
  said.set('environment of the server', await readFile(`/proc/${server.pid}/environ`, 'latin1'))
  for (const [name, content] of await readTree(directory)) said.set(`running: file ${name}`, content)
  t.regex(said.get('running: file server.log') ?? '', /the keys of the vault were rotated/)
  t.is(await server.stop(), 0)
  await lines.stop()
  said.set('command lines', lines.seen())
  for (const [name, content] of await readTree(directory)) said.set(`stopped: file ${name}`, content)
}

test('no secret is in what the server and the command line write, but where it is meant to be', async t => {
  t.timeout(900_000)
  const stage = await createStage(t)
  for (const step of [logIn, plant, pull, use, ingest, rotate, readAll]) await step(stage)
  const found = findCanaries(stage.canaries, stage.said)
  t.deepEqual(
    found.filter(line => !onPurpose.some(isAbout(line))),
    [],
  )
  const isStale = (holder: (typeof onPurpose)[number]) => !found.some(line => isAbout(line)(holder))
  t.deepEqual(onPurpose.filter(isStale), [])
})
