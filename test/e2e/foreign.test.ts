/** A base image that others made for the original, by the CLI: from its base image to what is left of it, which is nothing. */
import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { buildForeignBase, foreignBase } from '../helpers/foreign-base.ts'
import { type LiveServer, startLiveServer } from '../helpers/live-server.ts'
import { until } from '../helpers/wait.ts'

test.before(buildForeignBase)

const codeOf = (version: number) => `import greeting, time
def handle(context, payload):
    print('asked', payload.get('name'))
    time.sleep(payload.get('seconds', 0))
    return {'version': ${version}, 'greeting': greeting.version, 'name': payload.get('name')}
`

const docker = (...args: string[]): string[] =>
  execFileSync('docker', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    .split('\n')
    .filter(Boolean)

interface Stage extends LiveServer {
  file(name: string, content: string): Promise<string>
  label: string
}

async function prepare(t: ExecutionContext): Promise<Stage> {
  const directory = await mkdtemp(join(tmpdir(), 'dispatch-foreign-'))
  t.teardown(() => rm(directory, { recursive: true, force: true }))
  const server = await startLiveServer({ directory })
  t.teardown(() => server.stop())
  const instance = (await readFile(join(directory, 'dispatch-data/instance-id'), 'utf8')).trim()
  const file = async (name: string, content: string) => {
    await writeFile(join(directory, name), content)
    return join(directory, name)
  }
  return { ...server, file, label: `label=io.dispatchframework.solo.function-instance=${instance}` }
}

async function done(t: ExecutionContext, server: LiveServer, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await server.cli(...args)
  t.is(code, 0, `${args.join(' ')}: ${stdout}${stderr}`)
  return stdout
}

async function makeHello(t: ExecutionContext, server: Stage): Promise<void> {
  await done(t, server, 'create', 'base-image', 'theirs', foreignBase, '--language', 'python3', '--wait')
  const packages = await server.file('requirements.txt', 'greeting==1.2\n')
  await done(t, server, 'create', 'image', 'own', 'theirs', '--runtime-deps', packages, '--wait')
  const code = await server.file('hello.py', codeOf(1))
  await done(t, server, 'create', 'function', 'hello', code, '--image', 'own', '--timeout', '20000', '--wait')
}

const call = async (server: LiveServer, input: object) =>
  JSON.parse((await server.cli('exec', 'hello', '--wait', '--json', '--input', JSON.stringify(input))).stdout)

test.serial('base image, image, function, run, logs, timeout; and nothing is left', async t => {
  const server = await prepare(t)
  await makeHello(t, server)
  const answered = await call(server, { name: 'Jon' })
  t.deepEqual(answered.output, { version: 1, greeting: '1.2', name: 'Jon' })
  t.deepEqual(answered.logs, { stdout: ['asked Jon'], stderr: null })
  t.regex(await done(t, server, 'logs', answered.name), /asked Jon/)
  await done(t, server, 'update', 'function', 'hello', '--timeout', '500', '--wait')
  const late = await call(server, { name: 'Arya', seconds: 60 })
  t.is(late.error.message, 'Function execution exceeded the timeout')
  t.deepEqual(late.logs.stdout, ['asked Arya'])
  await done(t, server, 'update', 'function', 'hello', '--timeout', '0', '--wait')
  t.is((await call(server, {})).status, 'READY')
  await done(t, server, 'delete', 'function', 'hello', '--wait')
  await until('its images are gone', async () => docker('images', '-aq', '--filter', server.label).length === 0)
  await done(t, server, 'delete', 'image', 'own', '--wait')
  t.deepEqual(docker('ps', '-aq', '--filter', 'label=dispatch-function-id', '--filter', `name=dispatch-hello-`), [])
})

test.serial('an update and whatever becomes of the container cost no call but those under way', async t => {
  const server = await prepare(t)
  await makeHello(t, server)
  const container = () =>
    docker('ps', '-q', '--filter', 'name=dispatch-hello-', '--filter', 'label=dispatch-function-id')
  let isOver = false
  const failed: unknown[] = []
  const versions = new Set<number>()
  const run = async () => {
    while (!isOver) {
      const answer = await call(server, {})
      if (answer.status === 'READY') versions.add(answer.output.version)
      else failed.push(answer.error)
    }
  }
  const load = [run(), run()]
  await done(t, server, 'update', 'function', 'hello', await server.file('hello.py', codeOf(2)), '--wait')
  await until('the new version answers', async () => versions.has(2))
  await until('the old version is gone', async () => container().length === 1)
  isOver = true
  await Promise.all(load)
  t.deepEqual(failed, [])
  for (const harm of [['kill'], ['restart', '--time', '0'], ['rm', '-f']]) {
    docker(...harm, ...container())
    t.is((await call(server, {})).status, 'READY', harm.join(' '))
  }
})

test.serial('what its Dockerfiles refuse is the reason, with the step that failed', async t => {
  const server = await prepare(t)
  await done(t, server, 'create', 'base-image', 'theirs', foreignBase, '--language', 'python3', '--wait')
  const packages = await server.file('requirements.txt', 'no such package\n')
  await server.cli('create', 'image', 'broken', 'theirs', '--runtime-deps', packages, '--wait')
  const image = JSON.parse(await done(t, server, 'get', 'image', 'broken', '-o', 'json'))
  t.is(image.status, 'ERROR')
  t.regex(image.reason[0], /^failed to build image '[^']+': [\s\S]*there is no package no such package/)
  await done(t, server, 'create', 'image', 'own', 'theirs', '--wait')
  const code = await server.file('broken.py', 'import absent\n')
  await server.cli('create', 'function', 'broken', code, '--image', 'own', '--wait')
  const broken = JSON.parse(await done(t, server, 'get', 'function', 'broken', '-o', 'json'))
  t.is(broken.status, 'ERROR')
  t.regex(
    broken.reason[0],
    /Error building image for function .*returned a non-zero code: 1\nStep [\s\S]*No module named 'absent'/,
  )
})
