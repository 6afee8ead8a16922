/** What survives a stop, a kill and a lost container; and what a stop leaves behind, which is nothing. */
import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { type LiveServer, startLiveServer } from '../helpers/live-server.ts'
import { until } from '../helpers/wait.ts'

const code = `import time
def handle(ctx, payload):
    if payload.get("mark"):
        open("/tmp/" + payload["mark"], "w").close()
    time.sleep(payload.get("seconds", 0))
    return "done"
`

async function prepare(t: ExecutionContext): Promise<{ directory: string; server: LiveServer }> {
  const directory = await mkdtemp(join(tmpdir(), 'dispatch-restart-'))
  t.teardown(() => rm(directory, { recursive: true, force: true }))
  const server = await startLiveServer({ directory })
  t.teardown(() => server.stop())
  await writeFile(join(directory, 'sleep.py'), code)
  await server.cli('create', 'seed-images')
  await server.cli('create', 'function', 'sleep', join(directory, 'sleep.py'), '--image', 'python3')
  await until('the function is READY', async () =>
    (await server.cli('get', 'function', 'sleep')).stdout.includes('READY'),
  )
  return { directory, server }
}

const docker = (...args: string[]): string =>
  execFileSync('docker', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })

const containersOf = async (directory: string): Promise<string[]> => {
  const instance = (await readFile(join(directory, 'dispatch-data/instance-id'), 'utf8')).trim()
  return docker('ps', '-aq', '--filter', `label=io.dispatchframework.solo.instance=${instance}`)
    .split('\n')
    .filter(Boolean)
}

const hasMark = (id: string, mark: string): boolean => {
  try {
    docker('exec', id, 'test', '-e', `/tmp/${mark}`)
    return true
  } catch {
    return false
  }
}

/** Begins a call and resolves once the function is inside it: the mark that it leaves proves that. */
async function beginCall(directory: string, server: LiveServer, input: { mark: string; seconds: number }) {
  const answer = server.cli('exec', 'sleep', '--wait', '--input', JSON.stringify(input))
  await until('the call is under way', async () => (await containersOf(directory)).some(id => hasMark(id, input.mark)))
  return { answer }
}

test.serial('SIGTERM finishes the call under way, answers it, and leaves no container', async t => {
  const { directory, server } = await prepare(t)
  const { answer } = await beginCall(directory, server, { mark: 'drain', seconds: 4 })
  t.is(await server.stop(), 0)
  t.is(JSON.parse((await answer).stdout).output, 'done')
  t.deepEqual(await containersOf(directory), [])
})

test.serial(
  'after a kill everything acknowledged is there again, and leftover containers are cleared away',
  async t => {
    const { directory, server } = await prepare(t)
    const run = JSON.parse((await server.cli('exec', 'sleep', '--wait')).stdout)
    const accepted = JSON.parse(
      (await server.cli('exec', 'sleep', '--input', '{"seconds": 600, "mark": "async"}')).stdout,
    )
    await until('the run is under way', async () => (await containersOf(directory)).some(id => hasMark(id, 'async')))
    const leftovers = await containersOf(directory)
    await server.stop('SIGKILL')

    const again = await startLiveServer({ directory })
    t.teardown(() => again.stop())
    t.is(JSON.parse((await again.cli('get', 'run', 'sleep', run.name, '-o', 'json')).stdout).output, 'done')
    const interrupted = JSON.parse((await again.cli('get', 'run', 'sleep', accepted.name, '-o', 'json')).stdout)
    t.like(interrupted, { status: 'ERROR', error: { type: 'SystemError' } })
    t.is(JSON.parse((await again.cli('exec', 'sleep', '--wait')).stdout).output, 'done')
    await until('the leftovers are gone', async () => {
      const present = await containersOf(directory)
      return leftovers.every(id => !present.includes(id))
    })
  },
)

test.serial('a container removed behind our back costs no later call', async t => {
  const { directory, server } = await prepare(t)
  for (let round = 0; round < 3; round += 1) {
    docker('rm', '-f', ...(await containersOf(directory)))
    const answered = await until('the function answers again', async () => {
      const { stdout } = await server.cli('exec', 'sleep', '--wait')
      const run = JSON.parse(stdout)
      return run.output === 'done' && run
    })
    t.is(answered.status, 'READY')
  }
})
