/** The stories that existing users know, told with the built CLI to the built server on real Docker. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import testAny, { type TestFn } from 'ava'
import { type LiveServer, startLiveServer } from '../helpers/live-server.ts'
import { until } from '../helpers/wait.ts'

const test = testAny as TestFn<{ server: LiveServer }>
const example = (path: string): string => fileURLToPath(new URL(`../../server/runtimes/${path}`, import.meta.url))
const jon = '{"name": "Jon", "place": "Winterfell"}'

const reach = ({ cli }: LiveServer, kind: string, name: string, status: string) =>
  until(`${kind} ${name} is ${status}`, async () => {
    const { stdout } = await cli('get', kind, name, '-o', 'json')
    return stdout !== '' && JSON.parse(stdout).status === status && JSON.parse(stdout)
  })

test.before(async t => {
  const server = await startLiveServer()
  t.context = { server }
  const { code, stdout } = await server.cli('create', 'seed-images')
  t.is(code, 0)
  t.deepEqual(stdout.trim().split('\n'), [
    'Created BaseImage: nodejs-base',
    'Created BaseImage: python3-base',
    'Created BaseImage: powershell-base',
    'Created BaseImage: java-base',
    'Created Image: nodejs',
    'Created Image: python3',
    'Created Image: powershell',
    'Created Image: java',
  ])
})

test.after.always(async t => {
  await t.context.server?.stop()
})

for (const language of ['nodejs', 'python3']) {
  test(`the seed image ${language} becomes READY without any network`, async t => {
    const image = await reach(t.context.server, 'image', language, 'READY')
    t.is(image.reason, null)
  })
}

for (const language of ['java', 'powershell']) {
  test(`the seed image ${language} says that there is no runtime for it`, async t => {
    const base = await reach(t.context.server, 'base-image', `${language}-base`, 'ERROR')
    t.regex(base.reason[0], new RegExp(`this version has no runtime for ${language}`))
    const image = await reach(t.context.server, 'image', language, 'ERROR')
    t.is(image.reason.length, 1)
  })
}

const handlers: [string, string][] = [
  ['python3', 'python3/example/hello.py'],
  ['nodejs', 'nodejs/example/hello.js'],
]
for (const [language, path] of handlers) {
  test(`a ${language} function: create, execute, see the run, delete`, async t => {
    const { server } = t.context
    const name = `hello-${language}`
    t.like(await server.cli('create', 'function', name, example(path), '--image', language), {
      code: 0,
      stdout: `Created function: ${name}\n`,
    })
    await reach(server, 'function', name, 'READY')
    const executed = await server.cli('exec', name, '--wait', '--input', jon)
    t.is(executed.code, 0)
    t.like(JSON.parse(executed.stdout), { status: 'READY', output: { myField: 'Hello, Jon from Winterfell' } })
    const runs = await server.cli('get', 'runs', name)
    t.regex(runs.stdout, new RegExp(`${JSON.parse(executed.stdout).name} \\| ${name}`))
    t.like(await server.cli('delete', 'function', name), { code: 0, stdout: `Deleted function: ${name}\n` })
    await until('the function is gone', async () =>
      (await server.cli('get', 'function', name)).stderr.startsWith('[Code: 404]'),
    )
    t.like(await server.cli('get', 'runs', name, '-o', 'json'), { code: 0, stdout: '[]\n' })
  })
}

test('an asynchronous run is accepted at once and found finished later', async t => {
  const { server } = t.context
  await server.cli('create', 'function', 'later', example('python3/example/hello.py'), '--image', 'python3')
  await reach(server, 'function', 'later', 'READY')
  const accepted = JSON.parse((await server.cli('exec', 'later', '--input', jon)).stdout)
  t.is(accepted.status, 'INITIALIZED')
  const finished = await until('the run has ended', async () => {
    const run = JSON.parse((await server.cli('get', 'run', 'later', accepted.name, '-o', 'json')).stdout)
    return run.status === 'READY' && run
  })
  t.is(finished.output.myField, 'Hello, Jon from Winterfell')
})

test('a function whose handler throws is a run in ERROR with its lines, and the next call is unharmed', async t => {
  const { server } = t.context
  const path = join(server.directory, 'raise.py')
  await writeFile(
    path,
    'def handle(ctx, payload):\n    print("about to")\n    if payload.get("bad"):\n        raise RuntimeError("boom")\n    return "fine"\n',
  )
  await server.cli('create', 'function', 'raise', path, '--image', 'python3')
  await reach(server, 'function', 'raise', 'READY')
  const failed = JSON.parse((await server.cli('exec', 'raise', '--wait', '--input', '{"bad": true}')).stdout)
  t.like(failed, { status: 'ERROR', error: { type: 'FunctionError', message: 'boom' }, logs: { stdout: ['about to'] } })
  t.is(JSON.parse((await server.cli('exec', 'raise', '--wait')).stdout).output, 'fine')
})

test('a function file that does not load is in ERROR with one reason that names the fault', async t => {
  const { server } = t.context
  const path = join(server.directory, 'broken.py')
  await writeFile(path, 'def handle(ctx, payload)\n    return 1\n')
  await server.cli('create', 'function', 'broken', path, '--image', 'python3')
  const broken = await reach(server, 'function', 'broken', 'ERROR')
  t.is(broken.reason.length, 1)
  t.regex(broken.reason[0], /broken\.py|SyntaxError|Invalid function file/)
  t.like(await server.cli('exec', 'broken', '--wait'), {
    code: 1,
    stderr: '[Code: 404] function broken is not READY\n',
  })
})

test('the version of both sides is shown', async t => {
  const { code, stdout } = await t.context.server.cli('version')
  t.is(code, 0)
  t.regex(stdout, /^Client: .+\nServer: .+\n$/)
})
