/** The real program of the python3 runtime, run as a process of this machine, keeps what every runtime promises. */
import test from 'ava'
import { createHostDocker, hostImages } from '../../../../helpers/host-runtimes.ts'
import { testRuntime } from '../../../../helpers/runtime-cases.ts'
import { python3 } from '../../../../helpers/runtime-probes.ts'
import { createTestEngine } from '../../../../helpers/test-engine.ts'

testRuntime(test, {
  ...python3,
  image: hostImages.python3,
  engineFor: t => createTestEngine(t, { docker: createHostDocker() }),
})

const lone = 'def handle(context, payload):\n  return 1\n'
const handlers: Record<string, { files: Record<string, string>; handler: string }> = {
  'a function of a module': { files: { 'a.py': 'def run(c, p): return 1' }, handler: 'a.run' },
  'a module in a package': { files: { 'lib/tool.py': lone }, handler: 'lib.tool.handle' },
  'the only .py file, whatever its name': { files: { 'http-func.py': lone, 'data.json': '' }, handler: '' },
  'names that the runtime uses itself': {
    files: { 'worker.py': 'import frames\n' + lone, 'frames.py': '', 'main.py': '' },
    handler: 'worker.handle',
  },
}

for (const [what, { files, handler }] of Object.entries(handlers)) {
  test(`python3: a handler is found: ${what}`, async t => {
    const { call, revision } = createTestEngine(t, { docker: createHostDocker() })
    t.like(await call(revision(hostImages.python3, files, handler)), { ok: true, outputJson: '1' })
  })
}
