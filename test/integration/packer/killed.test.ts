import { spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import test from 'ava'

/** A bake in small: one step that works for an hour, in a process of its own. */
const program = (dir: string, marker: string) => `
  import { runSteps } from ${JSON.stringify(new URL('../../../packer/step.ts', import.meta.url).href)}
  const stop = new AbortController()
  process.once('SIGTERM', () => stop.abort(new Error('stopped by SIGTERM')))
  const step = { name: 'long', inputs: () => ({}), outputs: ['a'], run: ({ shell }) => shell.run(['sleep', '${marker}']) }
  const runner = { cacheDir: '${dir}/cache', logDir: '${dir}/logs', signal: stop.signal, now: () => 0, print: console.log }
  await runSteps([step], runner).catch(error => { console.error(error.message); process.exitCode = 1 })
`

async function findCommand(text: string): Promise<boolean> {
  const ids = (await readdir('/proc')).filter(name => /^\d+$/.test(name))
  const lines = await Promise.all(ids.map(id => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')))
  return lines.some(line => line === `sleep\0${text}\0`)
}

async function waitFor(holds: () => Promise<boolean>): Promise<boolean> {
  for (const endMs = Date.now() + 60_000; Date.now() < endMs; await pause(50)) if (await holds()) return true
  return false
}

for (const [index, signal] of (['SIGTERM', 'SIGKILL'] as const).entries()) {
  test(`a bake ended by ${signal} leaves no command running and no entry in the cache`, async t => {
    const dir = await mkdtemp(join(tmpdir(), 'killed-'))
    t.teardown(() => rm(dir, { recursive: true, force: true }))
    // Seconds that no other sleep on this machine has; the two tests run side by side.
    const marker = `36${index}${process.pid}`
    await writeFile(join(dir, 'bake.ts'), program(dir, marker))
    const bake = spawn(process.execPath, [join(dir, 'bake.ts')], { stdio: 'ignore' })
    const ended = new Promise(resolve => bake.once('exit', resolve))
    t.true(await waitFor(() => findCommand(marker)), 'the step did not start')
    bake.kill(signal)
    await ended
    t.true(await waitFor(async () => !(await findCommand(marker))), 'the command runs on')
    const entries = await readdir(join(dir, 'cache'))
    t.deepEqual(
      entries.filter(name => !name.includes('.tmp-')),
      [],
    )
  })
}
