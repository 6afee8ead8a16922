/** Who may do what, by the built CLI against the built server that asks: the first one in, accounts, users, and a restart. */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { createTestAccount, type GuardedServer, startGuarded } from '../helpers/guarded-server.ts'
import type { CliResult } from '../helpers/live-server.ts'
import { oneLine, runServer, temporaryDir, withoutDocker } from '../helpers/server-process.ts'

const password = 'winter is not coming yet'
/** Root is of no organization. */
const inDispatch = ['--organization', 'dispatch']
const loggedIn = 'You have successfully logged in'

/** No container runs in it: nothing here needs one. */
async function start(t: ExecutionContext, directory?: string, port?: number): Promise<GuardedServer> {
  const place = directory ?? (await temporaryDir(t))
  const server = await startGuarded(place, { env: withoutDocker, mayLackDocker: true, ...(port && { port }) })
  t.teardown(() => server.stop('SIGKILL'))
  return server
}

const succeeds = (t: ExecutionContext, { code, stdout, stderr }: CliResult, printed: string | RegExp): void => {
  t.is(code, 0, stderr)
  t.is(stderr, '')
  if (typeof printed === 'string') t.is(stdout, printed)
  else t.regex(stdout, printed)
}

const fails = (t: ExecutionContext, { code, stdout, stderr }: CliResult, told: RegExp): void => {
  t.is(code, 1, stdout)
  t.is(stdout, '')
  t.regex(stderr, told)
}

const logInAs = (account: string, key: string): string[] => [
  ...['login', '--service-account', account],
  ...['--jwt-private-key', key],
]

test.serial(
  'bootstrap at the socket makes an account that may do everything over TCP, where strangers may do nothing',
  async t => {
    const server = await start(t)
    const { root, directory } = server
    const stranger = server.person('stranger')
    fails(t, await stranger.run('get', 'functions'), /\[Code: 401\]/)
    fails(t, await stranger.run('iam', 'bootstrap'), /\[Code: 401\]/)
    const created = 'Created service account: default-svc, key: first.pem\nCreated policy: default-policy\n'
    const bootstrap = ['iam', 'bootstrap', '--key-file', 'first.pem']
    succeeds(t, await root.run(...bootstrap), `Unchanged organization: dispatch\n${created}`)
    t.is((await stat(join(directory, 'first.pem'))).mode & 0o777, 0o600)
    const first = server.person('first')
    succeeds(t, await first.run(...logInAs('dispatch/default-svc', 'first.pem')), `${loggedIn}\n`)
    succeeds(t, await first.run('create', 'base-image', 'b', 'x/y:1'), 'Created base image: b\n')
    succeeds(t, await first.run('iam', 'create', 'organization', 'north'), 'Created organization: north\n')
    succeeds(t, await first.run('get', 'base-images', '--organization', 'north', '-o', 'json'), '[]\n')
    const again = ['Unchanged organization: dispatch', 'Unchanged service account: default-svc']
    const unchanged = 'Unchanged policy: default-policy\nEverything is allowed to: dispatch/default-svc\n'
    succeeds(t, await root.run(...bootstrap), `${again.join('\n')}\n${unchanged}`)
  },
)

test.serial('bootstrap for a user: who has that name and a password may do everything', async t => {
  const { root, person } = await start(t)
  succeeds(
    t,
    await root.run('iam', 'bootstrap', '--user', 'jon'),
    /\nCreated policy: default-policy\nThere is no user jon/,
  )
  succeeds(t, await root.tell(password, 'iam', 'create', 'user', 'jon', '--password-stdin'), 'Created user: jon\n')
  const jon = person('jon')
  succeeds(t, await jon.tell(`${password}\n`, 'login', '--user', 'jon', '--password-stdin'), /^You have successfully /)
  succeeds(t, await jon.run('iam', 'get', 'users', '-o', 'json'), /"name": "jon"/)
  succeeds(t, await jon.run('iam', 'create', 'organization', 'north'), 'Created organization: north\n')
})

test.serial('login 1: an account with a policy logs in by its key, asks, and logs out', async t => {
  const server = await start(t)
  const key = await createTestAccount(server, 'login-test')
  const account = server.person('login-test')
  succeeds(t, await account.run(...logInAs('dispatch/login-test-user', key)), `${loggedIn}\n`)
  succeeds(t, await account.run('get', 'functions'), /NAME/)
  succeeds(t, await account.run('logout'), 'You have successfully logged out\n')
  fails(t, await account.run('get', 'functions'), /\[Code: 401\]/)
  t.false((await account.kept()).includes('login-test'))
})

test.serial('login 2 and 3: an account that is unknown, and a key that is not there, log nobody in', async t => {
  const server = await start(t)
  const key = await createTestAccount(server, 'login-test')
  const account = server.person('login-test')
  fails(t, await account.run(...logInAs('dispatch/nobody', key)), /^error logging in: .*\[Code: 401\]/)
  fails(t, await account.run(...logInAs('dispatch/login-test-user', 'none.key')), /none\.key/)
  fails(t, await account.run('get', 'functions'), /\[Code: 401\]/)
})

test.serial('a user is let in by password, may do what policies say, and is nobody after the logout', async t => {
  const { root, person, url } = await start(t)
  const create = (name: string) => root.tell(`${password}\n`, 'iam', 'create', 'user', name, '--password-stdin')
  for (const name of ['jon', 'arya']) succeeds(t, await create(name), `Created user: ${name}\n`)
  const rule = ['--subject', 'jon', '--action', 'get', '--resource', 'function']
  succeeds(t, await root.run('iam', 'create', 'policy', 'readers', ...rule, ...inDispatch), 'Created policy: readers\n')
  const logIn = (name: string, typed: string) =>
    person(name).tell(`${typed}\n`, 'login', '--user', name, '--password-stdin')
  fails(t, await logIn('jon', 'summer is not coming yet'), /^error logging in: /)
  for (const name of ['jon', 'arya']) succeeds(t, await logIn(name, password), /^You have successfully logged in/)
  succeeds(t, await person('jon').run('get', 'functions'), /NAME/)
  fails(t, await person('jon').run('get', 'secrets'), /\[Code: 403\]/)
  fails(t, await person('arya').run('get', 'functions'), /\[Code: 403\]/)
  const cookie = /dss_[\w-]+/.exec(await person('jon').kept())?.[0] ?? ''
  const ask = async () =>
    (await fetch(`${url}/v1/function`, { headers: { cookie, 'x-dispatch-org': 'dispatch' } })).status
  t.is(await ask(), 200)
  succeeds(t, await person('jon').run('logout'), 'You have successfully logged out\n')
  t.is(await ask(), 401)
  t.false((await person('jon').kept()).includes('dss_'))
})

test.serial(
  'after a restart organizations, accounts, users, policies, sessions and tokens are as they were',
  async t => {
    const directory = await temporaryDir(t)
    const before = await start(t, directory)
    succeeds(t, await before.root.run('iam', 'bootstrap', '--user', 'jon'), /Created policy/)
    const key = await createTestAccount(before, 'kept')
    await before.root.tell(password, 'iam', 'create', 'user', 'jon', '--password-stdin')
    await before.person('jon').tell(password, 'login', '--user', 'jon', '--password-stdin')
    succeeds(t, await before.person('jon').run('iam', 'create', 'organization', 'north'), /^Created/)
    const { stdout: token } = await before.person('jon').run('iam', 'create', 'token', 'ci', '--quiet')
    t.is(await before.stop(), 0)
    const { person, root } = await start(t, directory, before.port)
    succeeds(t, await person('jon').run('get', 'functions', '--organization', 'north'), /NAME/)
    succeeds(t, await person('kept').run(...logInAs('dispatch/kept-user', key)), `${loggedIn}\n`)
    succeeds(t, await person('ci').run('get', 'functions', '--token', token.trim()), /NAME/)
    succeeds(t, await person('later').tell(password, 'login', '--user', 'jon', '--password-stdin'), /^You have/)
    fails(t, await person('stranger').run('get', 'functions'), /\[Code: 401\]/)
    succeeds(t, await root.run('get', 'functions', ...inDispatch), /NAME/)
  },
)

test('a server that lets everybody in does not start where others reach it', async t => {
  const ports = ['port', 'gateway-port'].flatMap(name => [`--${name}`, '0'])
  const place = ['--host', '0.0.0.0', '--db-file', join(await temporaryDir(t), 'dispatch.db')]
  const ended = await runServer([...ports, ...place, '--auth', 'open'], withoutDocker)
  oneLine(
    t,
    ended,
    /^auth: open lets anybody who reaches 0\.0\.0\.0 run code; leave auth out, or set host to 127\.0\.0\.1/,
  )
})
