/** A Docker that takes requests and answers none: the server ends all the same. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import { createLoadedStage } from './loaded-stage.ts'
import { ask, execute } from './stage.ts'

/** What the appliance gives it before it is killed. */
const stopLimitMs = 40_000

test('the server is stopped while its Docker does not answer', async t => {
  t.timeout(5 * 60_000, 'a Docker of its own takes its time')
  const { own, server } = await createLoadedStage(t)
  t.is((await execute(server, 'load-python3', 'fine')).body.output, 'fine')
  const daemon = Number(await readFile(join(own.directory, 'dockerd.pid'), 'utf8'))
  process.kill(daemon, 'SIGSTOP')
  t.teardown(() => own.kill('SIGKILL'))
  // Something waits for Docker: whether the image is there, and the end of a container.
  await ask(server, 'PUT', 'image/python3', { name: 'python3', baseImageName: 'python3-base' })
  await ask(server, 'DELETE', 'function/load-python3')
  const begunMs = performance.now()
  t.is(await server.stop(), 0, await server.log())
  t.true(performance.now() - begunMs < stopLimitMs, `${performance.now() - begunMs} ms`)
})
