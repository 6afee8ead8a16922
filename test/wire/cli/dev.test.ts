/** `dev`: an update for each save, what the function prints, errors that the next save may mend. */
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { listArchive } from './archive.ts'
import { type Answer, type Asked, createStage, type Outcome, type Stage } from './stage.ts'

const run = '01a20d76-6e31-7986-b2b7-4c460a224a6e'
const printed = `data: {"run":"${run}","stream":"stdout","number":1,"line":"hello","time":1795489082045472311}\n\n`
const missing: Answer = { status: 404, body: { code: 404, message: 'function hello not found' } }
const yaml = 'kind: Function\nname: hello\nimage: python3\nhandler: handler.handle\nsourcePath: .\n'

interface World {
  /** Of the looks at the function, in order; READY when there are no more. */
  readonly statuses?: string[]
}

async function createWorkshop(t: ExecutionContext, { statuses = [] }: World = {}): Promise<Stage> {
  let isThere = false
  const stage = await createStage(t, ({ method, url }: Asked): Answer => {
    if (url.includes('/logs')) return { status: 200, body: printed, headers: { 'Content-Type': 'text/event-stream' } }
    if (method === 'PUT' && !isThere) return missing
    isThere = true
    return {
      status: 200,
      body: { name: 'hello', status: statuses.shift() ?? 'READY', reason: ['it does not compile'] },
    }
  })
  stage.write('f/function.yaml', yaml)
  stage.write('f/.dispatchignore', 'function.yaml\n')
  stage.write('f/handler.py', 'one\n')
  return stage
}

/** Each step happens between two looks at the folder, in which nothing changes; then comes Ctrl-C. */
async function develop(stage: Stage, steps: readonly (() => void)[]): Promise<Outcome> {
  const interruption = new AbortController()
  let pauses = 0
  const pause = async (durationMs: number) => {
    // Other pauses are those of waiting and of the logs.
    await new Promise(resolve => setImmediate(resolve))
    if (durationMs !== 300) return
    pauses += 1
    if (pauses % 4 !== 0) return
    const step = steps[pauses / 4 - 1]
    if (step) step()
    else interruption.abort()
  }
  return stage.dispatch(['dev', 'f'], { pause, interrupted: interruption.signal })
}
const changesOf = ({ asked }: Stage) => asked.filter(({ method }) => method !== 'GET')
const codeOf = async ({ body }: Asked) => (await listArchive(JSON.parse(body).source)).map(({ content }) => content)

test('the function is created, updated by each save, and what it prints is on stdout, once', async t => {
  const stage = await createWorkshop(t)
  const { code, stdout, stderr } = await develop(stage, [
    () => stage.write('f/handler.py', 'second\n'),
    () => stage.write('f/function.yaml', `${yaml}timeout: 500\n`),
  ])
  t.deepEqual([code, stdout], [0, `${run} hello\n`])
  t.is(stderr, 'Applied Function: hello\nfunction hello is READY\n'.repeat(3))
  const changes = changesOf(stage)
  t.deepEqual(
    changes.map(({ method }) => method),
    ['PUT', 'POST', 'PUT', 'PUT'],
  )
  t.deepEqual(await Promise.all(changes.map(codeOf)), [['one\n'], ['one\n'], ['second\n'], ['second\n']])
  t.is(JSON.parse(changes.at(-1)?.body ?? '').timeout, 500)
  t.deepEqual(readdirSync(join(stage.cwd, 'f')).sort(), ['.dispatchignore', 'function.yaml', 'handler.py'])
  t.deepEqual(readdirSync(stage.homeDir), [])
})

test('what is ignored changes nothing', async t => {
  const stage = await createWorkshop(t)
  await develop(stage, [
    () => stage.write('f/.dispatchignore', 'function.yaml\n*.log\n'),
    () => stage.write('f/debug.log', 'x'),
  ])
  t.is(changesOf(stage).filter(({ method }) => method === 'PUT').length, 2)
})

test('an error is told, and the next save tries again', async t => {
  const stage = await createWorkshop(t, { statuses: ['CREATING', 'ERROR'] })
  const { code, stderr } = await develop(stage, [
    () => stage.write('f/function.yaml', 'kind: Image\nname: x\n'),
    () => rmSync(join(stage.cwd, 'f/function.yaml')),
    () => stage.write('f/function.yaml', yaml),
  ])
  t.is(code, 0)
  t.deepEqual(stderr.split('\n'), [
    'Applied Function: hello',
    'function hello ended in ERROR: it does not compile',
    'function.yaml must hold one document, of kind Function',
    'Error reading file f/function.yaml: open f/function.yaml: no such file or directory',
    'Applied Function: hello',
    'function hello is READY',
    '',
  ])
})

test('a folder that holds no function is refused at once', async t => {
  const stage = await createStage(t)
  const { code, stderr } = await stage.dispatch(['dev', 'nowhere'])
  t.is(code, 1)
  t.is(stderr, 'Error reading file nowhere/function.yaml: open nowhere/function.yaml: no such file or directory\n')
  stage.write('f/function.yaml', 'kind: Function\nname: f\nimage: i\n')
  t.regex((await stage.dispatch(['dev', 'f'])).stderr, /^function\.yaml has no sourcePath/)
  t.is((await stage.dispatch(['dev', 'f', '-o', 'json'])).stderr, 'dev prints lines, and has no other format\n')
})

test('a save that is still going on is waited for', async t => {
  const stage = await createWorkshop(t)
  const interruption = new AbortController()
  let pauses = 0
  const pause = async (durationMs: number) => {
    await new Promise(resolve => setImmediate(resolve))
    if (durationMs !== 300) return
    pauses += 1
    if (pauses < 6) stage.write('f/handler.py', 'x'.repeat(pauses))
    if (pauses === 6) t.deepEqual(changesOf(stage), [])
    if (pauses === 9) interruption.abort()
  }
  await stage.dispatch(['dev', 'f'], { pause, interrupted: interruption.signal })
  t.deepEqual(await Promise.all(changesOf(stage).map(codeOf)), [['xxxxx'], ['xxxxx']])
})
