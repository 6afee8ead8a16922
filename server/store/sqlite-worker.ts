/** The thread that owns the writing connection: commits together what it is given together. */
import type { DatabaseSync } from 'node:sqlite'
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { describeFailure } from './sqlite-errors.ts'
import { createGroupCommit } from './sqlite-group.ts'
import { openForWriting } from './sqlite-schema.ts'
import type { Write, WriteResult } from './write.ts'

export type ToWorker = { type: 'write'; writes: Write[] } | { type: 'scrub' } | { type: 'close' }
export type FromWorker =
  | { type: 'opened' }
  | { type: 'refused'; message: string }
  /** `message`: why it could not be. */
  | { type: 'scrubbed'; message?: string }
  /** Results of the writes of one message, and how long their commit took. */
  | { type: 'committed'; results: WriteResult[]; seconds: number }

function serve(port: MessagePort, file: string): void {
  const send = (message: FromWorker): void => port.postMessage(message)
  const database = openForWriting(file)
  const commitGroup = createGroupCommit(database, file)
  port.on('message', (message: ToWorker) => {
    if (message.type === 'close') {
      database.close()
      port.close()
      return
    }
    if (message.type === 'scrub') return send(scrub(database, file))
    const begunMs = performance.now()
    const results = commitGroup(message.writes)
    send({ type: 'committed', results, seconds: (performance.now() - begunMs) / 1000 })
  })
  send({ type: 'opened' })
}

/** Copies what is there to a new file in the place of the old one, free pages left out, and cuts the log of writes off. */
function scrub(database: DatabaseSync, file: string): FromWorker {
  try {
    database.exec('VACUUM')
    const isBusy = database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()?.busy !== 0
    return {
      type: 'scrubbed',
      ...(isBusy && { message: `another program reads ${file}: try again when it has ended` }),
    }
  } catch (thrown) {
    return { type: 'scrubbed', message: describeFailure(file, thrown) }
  }
}

if (parentPort) {
  const { file } = workerData
  try {
    serve(parentPort, file)
  } catch (thrown) {
    parentPort.postMessage({ type: 'refused', message: describeFailure(file, thrown) } satisfies FromWorker)
  }
}
