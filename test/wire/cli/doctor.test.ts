/** `doctor`: a line for each thing that may be wrong, and what to do about it. */
import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { version } from '../../../cli/version.ts'
import { type Answer, type Asked, createStage, type Stage } from './stage.ts'

const date = 'Tue, 24 Nov 2026 03:00:30 GMT'
const health: Answer = { status: 200, body: { version: { version: `v${version}-solo` } }, headers: { Date: date } }
const diskWith = (freeGibibytes: number): Answer => ({
  status: 200,
  body: `dispatch_disk_free_bytes ${freeGibibytes * 1024 ** 3}\ndispatch_disk_bytes 42949672960\n`,
})
const image = { name: 'python3', status: 'READY' }

async function createPatient(t: ExecutionContext, changes: Readonly<Record<string, Answer>> = {}): Promise<Stage> {
  const answers: Readonly<Record<string, Answer>> = {
    '/healthz': health,
    '/metrics': diskWith(10.5),
    '/v1/baseimage': { status: 200, body: [{ ...image, name: 'python3-base' }] },
    '/v1/image': { status: 200, body: [image, { ...image, name: 'nodejs', status: 'CREATING' }] },
    '/v1/function': { status: 200, body: [{ ...image, name: 'hello' }] },
    '/v1/event/subscriptions': { status: 200, body: [] },
    '/v1/event/drivers': { status: 200, body: [] },
    ...changes,
  }
  const stage = await createStage(
    t,
    ({ url }: Asked) => answers[url] ?? { status: 404, body: { code: 404, message: url } },
  )
  configure(stage, { cookie: 'cookie' })
  return stage
}

function configure({ write, cwd }: Stage, credentials: object, current = 'solo'): void {
  write('c.json', JSON.stringify({ current, contexts: { solo: { organization: 'dispatch', ...credentials } } }))
  chmodSync(join(cwd, 'c.json'), 0o644)
}
const env = { DISPATCH_CONFIG: 'c.json' }
const examine = (stage: Stage, ...words: string[]) => stage.dispatch(['doctor', ...words], { env })

test('all is well', async t => {
  const stage = await createPatient(t)
  t.deepEqual(await examine(stage), {
    code: 0,
    stdout: `\
ok       config file: ${join(stage.cwd, 'c.json')}
ok       context: solo
ok       organization: dispatch
ok       server: http://127.0.0.1:${stage.port} answers
ok       version: ${version}
ok       health: the server can do its work
ok       clock: that of the server is the same
ok       disk: 10.5 of 40.0 GiB free
ok       base images: 1 of 1 READY
ok       images: 1 of 2 READY
ok       functions: 1 of 1 READY
`,
    stderr: '',
  })
})

const unwell: readonly (readonly [string, Readonly<Record<string, Answer>>, RegExp])[] = [
  [
    'another version',
    { '/healthz': { ...health, body: { version: { version: '9.9' } } } },
    /^problem {2}version: .* 9\.9: use/m,
  ],
  [
    'no Dispatch there',
    { '/healthz': { status: 200, body: '<html>' } },
    /^problem {2}server: what answers at http:\/\/127\.0\.0\.1:\d+ is no Dispatch server: see --host and --port$/m,
  ],
  [
    'no Docker',
    { '/healthz': { ...health, status: 503, body: { version: { version }, docker: 'it is \u001b[2Jdown' } } },
    /^problem {2}health: it is \[2Jdown: look at Docker/m,
  ],
  [
    'a wrong clock',
    { '/healthz': { ...health, headers: { Date: 'Tue, 24 Nov 2026 02:00:00 GMT' } } },
    /^problem {2}clock: .* by 3600s/m,
  ],
  ['a full disk', { '/metrics': diskWith(0.2) }, /^problem {2}disk: 0\.2 of 40\.0 GiB free, .*: make room there/m],
  ['no images', { '/v1/image': { status: 200, body: [] } }, /^problem {2}images: none: dispatch create seed-images$/m],
  [
    'an image in ERROR',
    {
      '/v1/image': { status: 200, body: [image, { name: 'java', status: 'ERROR', reason: ['no runtime', 'load it'] }] },
    },
    /^problem {2}images: java is in ERROR: no runtime; load it; mend that, or delete it$/m,
  ],
  [
    'an event driver in ERROR',
    { '/v1/event/drivers': { status: 200, body: [{ name: 'tick', status: 'ERROR', reason: ['it ended'] }] } },
    /^problem {2}event drivers: tick is in ERROR: it ended; mend that, or delete it$/m,
  ],
  [
    'no access',
    { '/v1/baseimage': { status: 401, body: { code: 401, message: 'unauthenticated' } } },
    /^problem {2}login: \[Code: 401\] unauthenticated: log in by dispatch login, or see --token and --service-account\nskipped {2}base images: not looked at, because of the problem with the login\n/m,
  ],
]
for (const [title, changes, message] of unwell)
  test(`a problem, and what to do: ${title}`, async t => {
    const { code, stdout } = await examine(await createPatient(t, changes))
    t.is(code, 1)
    t.regex(stdout, message)
  })

test('the mode of the server is told with its reason, which a server that asks for credentials tells to whom it knows', async t => {
  const accessOf = async (body: object, known: object = body) => {
    const answer = { ...health, body: { version: { version }, ...body } }
    const stage = await createStage(t, ({ url, headers }: Asked) =>
      url === '/healthz'
        ? { ...answer, ...(headers.cookie && { body: { ...answer.body, ...known } }) }
        : { status: 404 },
    )
    configure(stage, { cookie: 'cookie' })
    return /^ok {7}access: (.*)$/m.exec((await examine(stage)).stdout)?.[1]
  }
  const open = 'open: any credential counts, which only programs on its own machine reach'
  t.is(await accessOf({ auth: 'open' }), open)
  t.is(await accessOf({ auth: 'open', authReason: 'the default' }), `${open} (the default)`)
  const required = 'required: who asks must be known to it, and allowed to by its policies'
  t.is(await accessOf({ auth: 'required' }), required)
  t.is(await accessOf({ auth: 'required' }, { authReason: 'set by file c.yaml' }), `${required} (set by file c.yaml)`)
})

test('without a server what depends upon it is not looked at', async t => {
  const stage = await createPatient(t)
  const { code, stdout, stderr } = await examine(stage, '--port', '1')
  t.deepEqual([code, stderr], [1, ''])
  const [problem = '', ...skipped] = stdout.split('\n').slice(3, -1)
  t.regex(problem, /^problem {2}server: .*connection refused; .*--port/)
  const rest = ['base images', 'images', 'functions', 'subscriptions', 'event drivers', 'Docker images']
  t.deepEqual(
    skipped,
    rest.map(subject => `skipped  ${subject}: not looked at, because of the problem with the server`),
  )
})

test('what only this caller may not see is skipped, and no problem as long as it sees something', async t => {
  const refusal: Answer = { status: 403, body: { code: 403, message: 'user jon may not' } }
  const some = await examine(await createPatient(t, { '/v1/baseimage': refusal, '/v1/event/drivers': refusal }))
  t.is(some.code, 0)
  t.regex(some.stdout, /^skipped {2}base images: \[Code: 403\] user jon may not$/m)
  t.regex(some.stdout, /^ok {7}functions: 1 of 1 READY$/m)
  const kinds = ['baseimage', 'image', 'function', 'event/subscriptions', 'event/drivers']
  const all = Object.fromEntries(kinds.map(kind => [`/v1/${kind}`, refusal]))
  const none = await examine(await createPatient(t, all))
  t.is(none.code, 1)
  t.regex(none.stdout, /^problem {2}rights: none of these may be seen: ask for a policy, or see --organization$/m)
  const [first] = JSON.parse((await examine(await createPatient(t, all), '-o', 'json')).stdout).slice(-6)
  t.deepEqual(first, { subject: 'base images', ok: null, text: '[Code: 403] user jon may not' })
})

test('the config file: unreadable, open to others, or without the context that is current', async t => {
  const stage = await createPatient(t)
  configure(stage, { cookie: 'secret' })
  t.regex((await examine(stage)).stdout, /^problem {2}config file: .*: chmod 600 /m)
  chmodSync(join(stage.cwd, 'c.json'), 0o600)
  t.regex((await examine(stage)).stdout, /^ok {7}config file/m)
  configure(stage, {}, 'other')
  const other = (await examine(stage)).stdout
  t.regex(other, /^problem {2}context: other is current but not in .*: choose one by "dispatch context set NAME"$/m)
  t.regex(other, /^problem {2}organization: none; name one by --organization/m)
  stage.write('c.json', '{bad')
  const bad = await examine(stage)
  t.deepEqual([bad.code, bad.stderr], [1, ''])
  t.regex(
    bad.stdout,
    /^problem {2}config file: Error reading config file c\.json: While parsing config: .*\nskipped {2}organization: not looked at, /,
  )
})

test('Docker images that nothing uses are told, and are no problem', async t => {
  const unused = { status: 200, body: [{ id: 'sha256:a', names: ['a'], bytes: 3 * 1024 ** 2 }] }
  const { code, stdout } = await examine(await createPatient(t, { '/v1/usage/images': unused }))
  t.is(code, 0)
  t.regex(stdout, /^ok {7}Docker images: 1 that nothing uses, of up to 3 MiB: they go .* by dispatch image prune$/m)
})

test('of a server that tells nothing of its disk nothing is said', async t => {
  const { code, stdout } = await examine(await createPatient(t, { '/metrics': { status: 404, body: 'no' } }))
  t.deepEqual([code, stdout.includes('disk')], [0, false])
})

test('no config file is no problem; -o json is a list', async t => {
  const stage = await createPatient(t)
  const { code, stdout } = await stage.dispatch(['doctor', '-o', 'json'], { env: { DISPATCH_ORGANIZATION: 'o' } })
  t.is(code, 0)
  const [first] = JSON.parse(stdout)
  t.deepEqual(first, { subject: 'config file', ok: true, text: 'none; flags, environment and defaults count' })
  t.is((await examine(stage, '-o', 'xml')).stderr, 'invalid format option [yaml|json]\n')
})
