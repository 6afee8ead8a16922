/** What the command line does beyond creating and showing, by the built CLI, against the built server on real Docker. */
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import testAny, { type TestFn } from 'ava'
import { cleanEnv, type LiveServer, runCli, startLiveServer } from '../helpers/live-server.ts'
import { until } from '../helpers/wait.ts'

const test = testAny as TestFn<{ server: LiveServer; directory: string }>
const dispatch = fileURLToPath(new URL('../../dist/dispatch', import.meta.url))

test.before(async t => {
  const directory = await mkdtemp(join(tmpdir(), 'dispatch-command-line-'))
  const server = await startLiveServer()
  t.context = { server, directory }
  const images =
    'kind: BaseImage\nname: python3-base\ndockerUrl: dispatchframework/python3-base:0.0.13\nlanguage: python3\n'
  await writeFile(
    join(directory, 'images.yaml'),
    `${images}---\nkind: Image\nname: python3\nbaseImageName: python3-base\n`,
  )
  t.is((await server.cli('create', '-f', join(directory, 'images.yaml'), '--wait')).code, 0)
})

test.after.always(async t => {
  await t.context.server?.stop()
  await rm(t.context.directory, { recursive: true, force: true })
})

const code = (answer: string) => `\
import sys
def handle(context, payload):
    print('to stdout', flush=True)
    print('to stderr', file=sys.stderr, flush=True)
    if payload.get('fail'):
        raise RuntimeError('no luck')
    return {'answer': '${answer}', 'payload': payload}
`

/** A folder made by init, with the code. */
async function createFolder({ server, directory }: { server: LiveServer; directory: string }, name: string) {
  const folder = join(directory, name)
  const made = await server.cli('init', 'python3', folder)
  if (made.code !== 0) throw new Error(made.stderr)
  await writeFile(join(folder, 'handler.py'), code('one'))
  return folder
}

test('what init makes is applied, run for its output, described, measured, and deleted', async t => {
  const { server } = t.context
  const folder = await createFolder(t.context, 'whole')
  const apply = ['apply', '-f', 'function.yaml', '-w', folder]
  t.is((await server.cli(...apply, '--dry-run')).stdout, 'Created Function: whole (dry run)\n')
  t.like(await server.cli(...apply, '--wait', '--summary'), {
    code: 0,
    stdout: 'Applied Function: whole\n',
    stderr: '1 created, 0 changed, 0 unchanged\n',
  })
  const { code: exit, stdout, stderr } = await server.cli('run', 'whole', '{"n": 1}')
  t.deepEqual([exit, JSON.parse(stdout)], [0, { answer: 'one', payload: { n: 1 } }])
  t.deepEqual(stderr.trim().split('\n').sort(), ['to stderr', 'to stdout'])
  const failed = await server.cli('run', 'whole', '{"fail": true}')
  t.deepEqual([failed.code, failed.stdout], [3, ''])
  t.regex(failed.stderr, /FunctionError: no luck\n[\s\S]*RuntimeError: no luck/)
  const described = JSON.parse((await server.cli('describe', 'function', 'whole', '-o', 'json')).stdout)
  t.deepEqual(described.uses, [{ kind: 'Image', name: 'python3', status: 'READY' }])
  t.is(described.lastErrors[0].message, 'no luck')
  const rows = JSON.parse((await server.cli('top', '-o', 'json')).stdout)
  t.like(
    rows.find((row: { name: string }) => row.name === 'whole'),
    { status: 'READY', calls: 2, errors: 1 },
  )
  t.like(await server.cli('delete', 'function', 'whole', '--wait'), { code: 0, stdout: 'Deleted function: whole\n' })
  t.is((await server.cli('get', 'function', 'whole')).code, 1)
})

test('edit changes a function and leaves its code', async t => {
  const { server, directory } = t.context
  const folder = await createFolder(t.context, 'edited')
  t.is((await server.cli('apply', '-f', 'function.yaml', '-w', folder, '--wait')).code, 0)
  await writeFile(join(directory, 'editor.sh'), `sed -i 's/^timeout: 0/timeout: 50000/' "$1"\n`)
  const env = {
    ...cleanEnv,
    HOME: server.directory,
    DISPATCH_CONFIG: join(server.directory, 'cli.json'),
    EDITOR: `sh ${join(directory, 'editor.sh')}`,
  }
  t.like(await runCli(['edit', 'function', 'edited', '--wait'], env), { code: 0, stdout: 'Updated Function: edited\n' })
  const edited = JSON.parse((await server.cli('get', 'function', 'edited', '-o', 'json')).stdout)
  t.is(edited.timeout, 50_000)
  t.is(JSON.parse((await server.cli('run', 'edited')).stdout).answer, 'one')
})

test('doctor finds everything well', async t => {
  const { code: exit, stdout } = await t.context.server.cli('doctor')
  t.is(exit, 0, stdout)
  t.notRegex(stdout, /^problem/m)
})

test('dev follows the code, tells what the function prints, and ends with an interruption', async t => {
  const { server } = t.context
  const folder = await createFolder(t.context, 'live')
  const env = { ...cleanEnv, HOME: server.directory, DISPATCH_CONFIG: join(server.directory, 'cli.json') }
  const child = spawn(dispatch, ['dev', folder], { env })
  const told = { stdout: '', stderr: '' }
  child.stdout.on('data', chunk => (told.stdout += chunk))
  child.stderr.on('data', chunk => (told.stderr += chunk))
  const ended = new Promise(resolve => {
    child.on('close', resolve)
  })
  t.teardown(() => child.kill('SIGKILL'))
  const timesReady = () => told.stderr.match(/function live is READY/g)?.length ?? 0
  await until('it is READY', async () => timesReady() === 1)
  await writeFile(join(folder, 'handler.py'), code('two'))
  await until('it is READY again', async () => timesReady() === 2)
  t.is(JSON.parse((await server.cli('run', 'live')).stdout).answer, 'two')
  await until('its line is told', async () => / to stdout\n/.test(told.stdout))
  child.kill('SIGINT')
  t.is(await ended, 0, told.stderr)
  t.is(await readFile(join(folder, 'handler.py'), 'utf8'), code('two'))
})
