/** The original's suite of organizations, which it skips: two of them with the same names in both, on real Docker. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import testAny, { type ExecutionContext, type TestFn } from 'ava'
import { Agent, request } from 'undici'
import { createTestOrganization, type GuardedServer, type Person, startGuarded } from '../helpers/guarded-server.ts'
import { until } from '../helpers/wait.ts'

interface Stage {
  directory: string
  server: GuardedServer
}
const test = testAny as TestFn<Stage>
const examples = fileURLToPath(new URL('../fixtures/cli/working-folder/examples/nodejs', import.meta.url))

test.before(async t => {
  const directory = await mkdtemp(join(tmpdir(), 'dispatch-organizations-'))
  t.context = { directory, server: await startGuarded(directory, { overTls: true }) }
})

test.after.always(async t => {
  await t.context.server?.stop()
  await rm(t.context.directory, { recursive: true, force: true })
})

const succeed = async (t: ExecutionContext<Stage>, person: Person, ...words: string[]): Promise<string> => {
  const { code, stdout, stderr } = await person.run(...words)
  t.is(code, 0, `dispatch ${words.join(' ')}\n${stderr}`)
  return stdout
}

const list = async (t: ExecutionContext<Stage>, person: Person, kind: string): Promise<unknown[]> =>
  JSON.parse(await succeed(t, person, 'get', kind, '-o', 'json'))

async function enter(t: ExecutionContext<Stage>, organization: string): Promise<Person> {
  const { server } = t.context
  const key = await createTestOrganization(server, organization)
  const person = server.person(organization, organization)
  const account = ['--service-account', `${organization}/${organization}-user`, '--jwt-private-key', key]
  await succeed(t, person, 'login', ...account)
  return person
}

/** The seed images, a function and an API for it, as the organization's account. */
async function fill(t: ExecutionContext<Stage>, person: Person): Promise<void> {
  await succeed(t, person, 'create', 'seed-images')
  await until('nodejs is READY', async () => (await person.run('get', 'image', 'nodejs')).stdout.includes('READY'))
  const handler = ['--image', 'nodejs', '--handler', './hello.js']
  await succeed(t, person, 'create', 'function', 'func-nodejs', examples, ...handler, '--wait')
  const route = ['--https-only', '-m', 'POST', '-p', '/https-only', '--auth', 'public']
  await succeed(t, person, 'create', 'api', 'api-test', 'func-nodejs', ...route, '--wait')
}

/** The certificate of the server is its own. */
const trusting = new Agent({ connect: { rejectUnauthorized: false } })

async function greet(url: string): Promise<{ status: number; text: string }> {
  const body = JSON.stringify({ name: 'VMware', place: 'Palo Alto' })
  const headers = { 'content-type': 'application/json' }
  const answer = await request(url, { method: 'POST', headers, body, dispatcher: trusting })
  return { status: answer.statusCode, text: await answer.body.text() }
}

async function checkServed(t: ExecutionContext<Stage>, organization: string): Promise<void> {
  const { gatewayUrl, gatewayTlsUrl } = t.context.server
  const { status, text } = await greet(`${gatewayTlsUrl}/${organization}/https-only`)
  t.is(status, 200, text)
  t.is(JSON.parse(text).myField, 'Hello, VMware from Palo Alto')
  t.regex((await greet(`${gatewayUrl}/${organization}/https-only`)).text, /Please use HTTPS protocol/)
}

async function checkShut(t: ExecutionContext<Stage>, person: Person, organization: string): Promise<void> {
  for (const words of [
    ['get', 'functions'],
    ['exec', 'func-nodejs'],
    ['delete', 'api', 'api-test'],
  ]) {
    const { code, stdout, stderr } = await person.run(...words, '--organization', organization)
    t.deepEqual([code, stdout], [1, ''], words.join(' '))
    t.regex(stderr, /\[Code: 403\] .* may not /)
  }
}

test.serial(
  'organizations 1: an account fills its organization, whose API is served, and sees into no other',
  async t => {
    const person = await enter(t, 'test-org-a')
    await fill(t, person)
    await checkServed(t, 'test-org-a')
    t.is((await person.run('get', 'functions', '--organization', 'test-org-b')).code, 1)
  },
)

test.serial('organizations 2: another one begins empty, and has the same names for what is its own', async t => {
  const person = await enter(t, 'test-org-b')
  t.deepEqual([await list(t, person, 'base-images'), await list(t, person, 'functions')], [[], []])
  await fill(t, person)
  await checkServed(t, 'test-org-b')
  const first = t.context.server.person('test-org-a', 'test-org-a')
  await checkShut(t, person, 'test-org-a')
  await checkShut(t, first, 'test-org-b')
  t.is((await list(t, first, 'functions')).length, 1)
})

test.serial('organizations 3: one is emptied and removed, and the other goes on', async t => {
  const { root, person, gatewayTlsUrl } = t.context.server
  const first = person('test-org-a', 'test-org-a')
  for (const words of [
    ['api', 'api-test'],
    ['function', 'func-nodejs'],
  ])
    await succeed(t, first, 'delete', ...words, '--wait')
  await succeed(t, root, 'iam', 'delete', 'policy', 'test-org-a-policy', '--organization', 'test-org-a')
  t.is((await first.run('get', 'functions')).code, 1)
  await succeed(t, root, 'iam', 'delete', 'serviceaccount', 'test-org-a-user', '--organization', 'test-org-a')
  await succeed(t, root, 'iam', 'delete', 'organization', 'test-org-a')
  t.is((await greet(`${gatewayTlsUrl}/test-org-a/https-only`)).status, 404)
  await checkServed(t, 'test-org-b')
  await succeed(t, root, 'iam', 'delete', 'organization', 'test-org-b')
  t.is((await greet(`${gatewayTlsUrl}/test-org-b/https-only`)).status, 404)
})
