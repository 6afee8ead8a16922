/** What happens when the disk or the writing thread fails while the store is in use: no write hangs, none lies. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Worker } from 'node:worker_threads'
import test from 'ava'
import { openSqliteStore } from '../../../server/store/sqlite.ts'
import { createWriter } from '../../../server/store/sqlite-writer.ts'
import type { Write } from '../../../server/store/write.ts'
import { run, temporaryDir } from './samples.ts'

const write: Write = { type: 'putRun', run: run('r') }

/** A thread that opens and then does `onMessage` with the first write. */
const failingWorker = (onMessage: string): Worker =>
  new Worker(
    `const { parentPort } = require('node:worker_threads')
    parentPort.on('message', () => { ${onMessage} })
    parentPort.postMessage({ type: 'opened' })`,
    { eval: true },
  )

test('a disk that takes no more rejects the write, says why, and keeps what was stored', async t => {
  const file = join(temporaryDir(t), 'dispatch.db')
  const program = fileURLToPath(new URL('./full-disk-writer.ts', import.meta.url))
  // A limit on the size of files fails writes as a full disk does, without one (in units of 1 KiB in bash).
  const command = 'ulimit -f 2000; exec "$0" "$1" "$2"'
  const { stdout } = await promisify(execFile)('bash', ['-c', command, process.execPath, program, file])
  const end = JSON.parse(stdout)
  t.true(end.stored > 10)
  t.is(end.listed, end.stored)
  t.regex(end.error, /internal error when processing function run [abc]\d+/)
  t.regex(end.cause, /dispatch\.db: (the disk is full; free some space|reading or writing it failed)/)
  const store = await openSqliteStore({ file })
  t.is((await store.runs.list({ org: 'solo' })).length, end.stored)
  await store.close()
})

for (const [how, onMessage, message] of [
  ['throws', "throw new Error('defect')", /database thread failed: defect/],
  ['exits', 'process.exit(3)', /database thread ended with code 3/],
] as const)
  test(`a writing thread that ${how} rejects pending and later writes and reports it once`, async t => {
    const reports: Error[] = []
    const onFatal = (error: Error) => reports.push(error)
    const writer = await createWriter(failingWorker(onMessage), {
      onResult: () => t.fail(),
      onCommit: () => t.fail(),
      onFatal,
    })
    const pending = [writer.write(write), writer.write(write)]
    for (const promise of pending) await t.throwsAsync(promise, { message })
    await t.throwsAsync(writer.write(write), { message })
    await writer.close()
    t.is(reports.length, 1)
    t.regex(reports[0]?.message ?? '', message)
  })

test('a writing thread that dies while it opens rejects the opening', async t => {
  const worker = new Worker("throw new Error('no memory')", { eval: true })
  const opening = createWriter(worker, { onResult: () => t.fail(), onCommit: () => t.fail(), onFatal: () => {} })
  await t.throwsAsync(opening, { message: /database thread failed: no memory/ })
})
