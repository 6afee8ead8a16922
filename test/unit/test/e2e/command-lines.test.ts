/** The watch of command lines sees what processes start, for as long as it looks, and not what the test itself types. */
import { spawn } from 'node:child_process'
import test from 'ava'
import { watchCommandLines } from '../../../e2e/canaries/command-lines.ts'
import { createCanary } from '../../../helpers/canaries.ts'
import { until } from '../../../helpers/wait.ts'

test('a process of another one is seen while it runs, and told once it has ended', async t => {
  const canary = createCanary('argument')
  const typed = createCanary('typed')
  const lines = watchCommandLines()
  // It reads its input until that ends: there is no time for which it has to be there.
  const child = spawn('sh', ['-c', `sh -c 'cat; : the next' "$1"; : the last`, typed, canary], { stdio: 'pipe' })
  const ended = new Promise(resolve => child.once('exit', resolve))
  await until('it is seen', async () => lines.seen().includes(canary))
  child.stdin.end()
  await ended
  await lines.stop()
  t.true(lines.seen().includes(canary))
  t.false(lines.seen().includes(typed))
})
