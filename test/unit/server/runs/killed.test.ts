/** A server that is killed while it accepts and executes: every accepted run ends, and none is executed twice. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import test from 'ava'
import { openSqliteStore } from '../../../../server/store/sqlite.ts'
import { temporaryDir } from '../../../contract/store/samples.ts'
import { answer } from '../../../helpers/fake-execution.ts'
import { createTestApp } from '../../../helpers/test-app.ts'
import { until } from '../../../helpers/wait.ts'

const program = fileURLToPath(new URL('./killed-server.ts', import.meta.url))
const rounds = 4

/** Kills the server once it has accepted `count` runs, and returns the names of all that it did accept. */
async function acceptUntilKilled(file: string, executedFile: string, count: number): Promise<string[]> {
  const child = spawn(process.execPath, [program, file, executedFile], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  const names: string[] = []
  for await (const line of createInterface(child.stdout)) {
    names.push(line)
    if (names.length === count) child.kill('SIGKILL')
  }
  await exited
  // The last line may be cut short by the kill.
  return names.slice(0, -1)
}

test('accepted means that it runs, or is reported, also after SIGKILL; and nothing runs twice', async t => {
  const dir = temporaryDir(t)
  const file = join(dir, 'dispatch.db')
  const executedFile = join(dir, 'executed')
  const accepted: string[] = []
  for (let round = 0; round < rounds; round += 1)
    accepted.push(...(await acceptUntilKilled(file, executedFile, 30 + 40 * round)))
  const executed = readFileSync(executedFile, 'utf8').trimEnd().split('\n')

  const store = await openSqliteStore({ file })
  t.teardown(() => store.close())
  const fn = async ({ id }: { id: string }) => {
    executed.push(id)
    return answer('1')
  }
  await createTestApp(t, { fn }, { store })
  const ends = await until('all have ended', async () => {
    const runs = await store.runs.list({ org: 'dispatch' })
    return runs.every(({ status }) => status === 'READY' || status === 'ERROR') && runs
  })

  const statusOf = new Map(ends.map(({ name, status }) => [name, status]))
  t.deepEqual(
    accepted.filter(name => !statusOf.has(name)),
    [],
    'lost',
  )
  t.is(new Set(executed).size, executed.length, 'executed twice')
  const done = new Set(executed)
  t.deepEqual(
    [...statusOf].filter(([name, status]) => status === 'READY' && !done.has(name)),
    [],
  )
  const cut = ends.filter(({ status }) => status === 'ERROR')
  t.true(cut.length > 0 && cut.length <= rounds * 8, `${cut.length} were cut off`)
  t.log(`${accepted.length} accepted in ${rounds} rounds, ${executed.length} executed, ${cut.length} cut off`)
})
