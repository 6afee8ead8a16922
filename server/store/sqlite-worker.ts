/** The thread that owns the writing connection: commits together what it is given together. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { describeFailure } from './sqlite-errors.ts'
import { createGroupCommit } from './sqlite-group.ts'
import { openForWriting } from './sqlite-schema.ts'
import type { Write, WriteResult } from './write.ts'

export type ToWorker = { type: 'write'; writes: Write[] } | { type: 'close' }
export type FromWorker =
  | { type: 'opened' }
  | { type: 'refused'; message: string }
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
    const begunMs = performance.now()
    const results = commitGroup(message.writes)
    send({ type: 'committed', results, seconds: (performance.now() - begunMs) / 1000 })
  })
  send({ type: 'opened' })
}

if (parentPort) {
  const { file } = workerData
  try {
    serve(parentPort, file)
  } catch (thrown) {
    parentPort.postMessage({ type: 'refused', message: describeFailure(file, thrown) } satisfies FromWorker)
  }
}
