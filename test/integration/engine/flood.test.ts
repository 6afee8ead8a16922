/** A call that prints without end, in real containers: what is beyond the limit costs no memory, and the call ends as it would. */

import test from 'ava'
import { createRealDocker } from '../../helpers/real-docker.ts'
import { runtimeImage } from '../../helpers/runtime-images.ts'
import { createTestEngine } from '../../helpers/test-engine.ts'

const docker = createRealDocker()
const python = `
import subprocess, sys
def handle(context, payload):
    lines = payload['lines']
    if payload['by'] == 'child':
        subprocess.run([sys.executable, '-c', f'for i in range({lines}): print("x" * 9999)'], check=True)
    else:
        while lines:
            print('x' * 9999)
            lines -= 1
    return 'returned'
`
// Past console, which says nothing about a full disk. Paced, so that a busy machine looks in time as well.
const javascript = `
const { execFileSync } = require('node:child_process')
function print(lines) {
  for (let left = lines; left !== 0; left -= 1) {
    require('node:fs').writeSync(1, 'x'.repeat(9999) + '\\n')
    if (left % 100 === 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10)
  }
}
module.exports = (context, { by, lines }) => {
  if (by === 'child') execFileSync(process.execPath, ['-e', \`\${print};print(\${lines})\`], { stdio: 'inherit' })
  else print(lines)
  return 'returned'
}
`
const truncated = '[truncated after 1048576 bytes]'
/** In a container with 256 MiB of memory, 64 of them for files of nodejs. */
const memoryBytes = 256 * 2 ** 20

for (const { image, files, lines } of [
  { image: runtimeImage('python3'), files: { 'flood.py': python }, lines: 60_000 },
  { image: runtimeImage('nodejs'), files: { 'flood.js': javascript }, lines: 20_000 },
]) {
  test.serial(
    `${image.language}: a flood of lines is cut while the call runs, whoever prints and however it ends`,
    async t => {
      const limits = { poolSize: 0, memoryBytes }
      const { engine, call, revision } = createTestEngine(t, { docker, limits })
      const flood = revision(image, files)
      await engine.load(flood)
      const unharmed = {
        ok: true,
        outputJson: '"returned"',
        logs: { stdout: ['x'.repeat(9999)], stderr: null },
      } as const
      for (const by of ['function', 'child']) {
        const returned = await call(flood, { by, lines })
        t.like(returned, { ok: true, outputJson: '"returned"' })
        t.is(returned.logs.stdout?.at(-1), truncated)
        t.is(returned.logs.stdout?.slice(0, -1).join('\n').length, 1024 * 1024)
        t.deepEqual(await call(flood, { by, lines: 1 }), unharmed)
      }
      const late = await call(flood, { by: 'function', lines: -1 }, 4000)
      t.like(late, { ok: false, error: { message: 'Function execution exceeded the timeout' } })
      t.is(late.logs.stdout?.at(-1), truncated)
      t.deepEqual(await call(flood, { by: 'function', lines: 1 }), unharmed)
    },
  )
}
