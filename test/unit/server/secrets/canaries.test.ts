/** Canaries: what is secret is planted where it can be, used in many ways, and looked for in all that the server says and writes. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { pino } from 'pino'
import { openSqliteStore } from '../../../../server/store/sqlite.ts'
import { archiveOf } from '../../../helpers/archive.ts'
import { answer } from '../../../helpers/fake-execution.ts'
import { openGateway } from '../../../helpers/gateway.ts'
import { basic, bearer } from '../../../helpers/guarded-apis.ts'

const canary = (name: string): string => `canary-${name}-7f3a`
const source = (await archiveOf([{ name: 'handler.py', content: canary('source') }])).toString('base64')
const silent = { stdout: [], stderr: [] }
const broken = { type: 'FunctionError' as const, message: 'it broke', stacktrace: [] }

/** A server on disk, and all that it says but to who asks for secrets: its log, with all details, and its answers. */
async function createStage(t: ExecutionContext) {
  const directory = await mkdtemp(join(tmpdir(), 'dispatch-canaries-'))
  t.teardown(() => rm(directory, { recursive: true, force: true }))
  const store = await openSqliteStore({ file: join(directory, 'dispatch.db') })
  t.teardown(store.close)
  const said = new Map<string, string>()
  const logged: string[] = []
  const log = pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) })
  const scripts = {
    f: () => answer('{"ok":true}'),
    broken: () => ({ ok: false as const, error: broken, logs: silent }),
  }
  const gateway = await openGateway(t, scripts, { store, log })
  const call = async (method: string, url: string, body?: unknown) => {
    const answered = await gateway.call(method, url, body)
    said.set(`${said.size}: ${method} ${url}`, answered.text)
    return answered
  }
  const ask = async (path: string, headers = {}) => {
    const { text, status } = await gateway.send('POST', path, { headers, body: '{}' })
    said.set(`${said.size}: gateway ${path}`, text)
    return status
  }
  const readAll = async () => {
    const files = await readdir(directory)
    for (const name of files) said.set(`file ${name}`, await readFile(join(directory, name), 'latin1'))
    return said.set('log', logged.join(''))
  }
  return { ...gateway, put: (url: string, body: unknown) => gateway.call('POST', url, body), call, ask, readAll }
}
type Stage = Awaited<ReturnType<typeof createStage>>

/** Whose answers may tell what was sent. */
async function plant({ put, createFunction, createApi, reach }: Stage): Promise<void> {
  await put('/v1/secret', { name: 's', secrets: { password: canary('value'), [canary('key')]: 'v' } })
  await put('/v1/secret', { name: 'users', secrets: { jon: canary('basic') } })
  await put('/v1/secret', { name: 'tokens', secrets: { one: canary('bearer') } })
  await put('/v1/secret', { name: 'pull', secrets: { username: 'jon', password: canary('pull') } })
  await put('/v1/secret', { name: 'watch', secrets: { 'vcenter-user': 'jon', 'vcenter-password': canary('driver') } })
  for (const name of ['f', 'broken']) await createFunction(name)
  await put('/v1/function', { name: 'g', image: 'python3', source, secrets: ['s', 'gone'] })
  await reach('/v1/function/g', 'READY')
  await createApi({ name: 'b', function: 'f', uris: ['/b'], authentication: 'basic', authenticationSecret: 'users' })
  await createApi({ name: 't', function: 'f', uris: ['/t'], authentication: 'bearer', authenticationSecret: 'tokens' })
}

async function use(t: ExecutionContext, { call, ask }: Stage): Promise<void> {
  for (const name of ['f', 'broken', 'g', 'absent'])
    for (const blocking of [true, false])
      await call('POST', `/v1/runs?functionName=${name}`, { blocking, secrets: ['s', 'users'] })
  t.is(await ask('/dispatch/b', basic('jon', canary('basic'))), 200)
  t.is(await ask('/dispatch/b', basic(canary('basic'), canary('basic'))), 401)
  t.is(await ask('/dispatch/t', bearer(canary('bearer'))), 200)
  t.is(await ask('/dispatch/t', bearer(`${canary('bearer')}x`)), 401)
  await call('POST', '/v1/baseimage', { name: 'p', dockerUrl: 'registry.test/p:1', language: 'x', pullSecret: 'pull' })
  await call('POST', '/v1/event/drivers', { name: 'vc', type: 'vcenter', secrets: ['watch'] })
  await call('POST', '/v1/event/drivertypes', { name: 'own', image: 'me/own:1' })
  await call('POST', '/v1/event/drivers', { name: 'own', type: 'own', secrets: ['watch'] })
  await call('POST', '/v1/event/subscriptions', { name: 'sub', eventType: 'a.b', function: 'f', secrets: ['s'] })
  for (const body of [canary('value'), `{"name": ${canary('value')}`, { name: 's', secrets: { k: [canary('value')] } }])
    await call('POST', '/v1/secret', body)
  await call('POST', '/v1/event/ingest?authToken=x', { eventType: 'a.b' })
  await call('POST', '/v1/iam/key')
}

/** Those that answer JSON and end, but those that tell secrets to who may know them. */
const readable = ({ app }: Stage): string[] =>
  app.operations
    .filter(({ method, path, answers }) => method === 'GET' && !path.includes('{') && answers[200]?.schema)
    .filter(({ answers }) => !answers[200]?.contentType && !answers[200]?.orContentType)
    .map(({ path }) => path)
    .filter(path => path !== '/v1/secret')

test('no value of a secret is in a file, in the log, or in an answer to who did not ask for it', async t => {
  const stage = await createStage(t)
  await plant(stage)
  await use(t, stage)
  for (const path of readable(stage)) await stage.call('GET', path)
  const said = await stage.readAll()
  t.not(said.get('log'), '')
  t.true(said.size > 40)
  t.true(said.get('file dispatch.db-wal')?.includes('registry.test/p:1'), 'what is no secret is found')
  for (const [where, text] of said)
    for (const each of [/canary-[a-z]+-7f3a/, new RegExp(source.slice(20, 60).replace(/[+/]/g, '\\$&'))])
      t.false(each.test(text), where)
})
