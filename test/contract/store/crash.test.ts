/** Whatever was acknowledged survives a process that is killed in the middle of writing. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import test from 'ava'
import { openSqliteStore } from '../../../server/store/sqlite.ts'
import { type Note, temporaryDir } from './samples.ts'

const rounds = 10
const writer = fileURLToPath(new URL('./crash-writer.ts', import.meta.url))

test('all acknowledged writes are there after SIGKILL', async t => {
  const file = join(temporaryDir(t), 'dispatch.db')
  const acknowledged: string[] = []
  for (let round = 0; round < rounds; round++) {
    acknowledged.push(...(await writeUntilKilled(file, round, 40 + 25 * round)))
    const store = await openSqliteStore({ file })
    const runs = new Set((await store.runs.list({ org: 'solo' })).map(({ name }) => name))
    const notes = new Map((await store.collection<Note>('Function').list('solo')).map(entity => [entity.name, entity]))
    const lost = acknowledged.filter(line => {
      const [kind, name = ''] = line.split(' ')
      return kind === 'run' ? !runs.has(name) : notes.get(name)?.text !== 'updated'
    })
    t.deepEqual(lost, [], `round ${round}`)
    await store.close()
  }
  t.true(acknowledged.length > rounds * 40)
})

/** Kills the writer once it has acknowledged `count` writes, and returns all that it did acknowledge. */
async function writeUntilKilled(file: string, round: number, count: number): Promise<string[]> {
  const child = spawn(process.execPath, [writer, file, `${round}`], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  const lines: string[] = []
  for await (const line of createInterface(child.stdout)) {
    lines.push(line)
    if (lines.length === count) child.kill('SIGKILL')
  }
  await exited
  // The last line may be cut short by the kill; a cut name would be looked for in vain.
  return lines.slice(0, -1)
}
