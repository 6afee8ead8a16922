/** The real program of the python3 runtime, run as a process of this machine, keeps what every runtime promises. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { testConformance } from '../../../../helpers/conformance.ts'
import { createHostDocker, hostImages } from '../../../../helpers/host-runtimes.ts'
import { python3 } from '../../../../helpers/runtime-probes.ts'
import { createTestEngine } from '../../../../helpers/test-engine.ts'
import { until } from '../../../../helpers/wait.ts'

const cases = {
  ...python3,
  image: hostImages.python3,
  engineFor: (t: ExecutionContext) => createTestEngine(t, { docker: createHostDocker() }),
}
testConformance(test, cases)

const lone = 'def handle(context, payload):\n  return 1\n'
const handlers: Record<string, { files: Record<string, string>; handler: string }> = {
  'a function of a module': { files: { 'a.py': 'def run(c, p): return 1' }, handler: 'a.run' },
  'a module in a package': { files: { 'lib/tool.py': lone }, handler: 'lib.tool.handle' },
  'the only .py file, whatever its name': { files: { 'http-func.py': lone, 'data.json': '' }, handler: '' },
  'names that the runtime uses itself': {
    files: { 'worker.py': `import frames\n${lone}`, 'frames.py': '', 'main.py': '' },
    handler: 'worker.handle',
  },
}

for (const [what, { files, handler }] of Object.entries(handlers)) {
  test(`python3: a handler is found: ${what}`, async t => {
    const { call, revision } = createTestEngine(t, { docker: createHostDocker() })
    t.like(await call(revision(hostImages.python3, files, handler)), { ok: true, outputJson: '1' })
  })
}

const late = `import threading, time
def late(marker):
    time.sleep(0.05)
    print("late", flush=True)
    open(marker, "w").close()
def handle(context, payload):
    if payload:
        threading.Thread(target=late, args=[payload]).start()
`

test('python3: what is printed between two calls belongs to neither', async t => {
  const limits = { concurrency: 1 }
  const { call, revision, containersDir } = createTestEngine(t, { docker: createHostDocker(), limits })
  const marker = join(containersDir, 'marker')
  const speaking = revision(hostImages.python3, { 'late.py': late })
  t.deepEqual((await call(speaking, marker)).logs, { stdout: null, stderr: null })
  await until('the late line is printed', async () => existsSync(marker))
  t.deepEqual((await call(speaking)).logs, { stdout: null, stderr: null })
})

const forking = `import os
def handle(context, payload):
    child = os.fork()
    if child:
        os.waitpid(child, 0)
    return "parent" if child else "child"
`

test('python3: a fork that comes back from the handler answers nothing', async t => {
  const limits = { concurrency: 1 }
  const { call, revision, warnings } = createTestEngine(t, { docker: createHostDocker(), limits })
  const function_ = revision(hostImages.python3, { 'forking.py': forking })
  for (let round = 0; round < 3; round += 1) t.like(await call(function_), { ok: true, outputJson: '"parent"' })
  t.deepEqual(warnings, [])
})

const ticking = `import asyncio
async def handle(context, marker):
    async def leave_mark():
        await asyncio.sleep(0.01)
        open(marker, "w").close()
    task = asyncio.create_task(leave_mark())
    yield 0
    await task
`

test('python3: what an async generator does beside goes on while nobody takes its piece', async t => {
  const { stream, revision, containersDir } = createTestEngine(t, { docker: createHostDocker() })
  const marker = join(containersDir, 'marker')
  const onPiece = async () => {
    await until('the mark is left', async () => existsSync(marker))
    return true
  }
  t.like(await stream(revision(hostImages.python3, { 'ticking.py': ticking }), marker, { onPiece }), { ok: true })
})
