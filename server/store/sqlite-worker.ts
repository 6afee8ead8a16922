/** The thread that owns the writing connection: commits together whatever queued while the last commit ran. */
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import { describeFailure } from './sqlite-errors.ts'
import { createGroupCommit } from './sqlite-group.ts'
import { openForWriting } from './sqlite-schema.ts'
import type { Write, WriteResult } from './write.ts'

export type ToWorker = { type: 'write'; writes: Write[] } | { type: 'close' }
export type FromWorker =
  | { type: 'opened' }
  | { type: 'refused'; message: string }
  /** Results of the oldest writes that have none yet, and how long their commit took. */
  | { type: 'committed'; results: WriteResult[]; seconds: number }

function serve(port: MessagePort, file: string): void {
  const send = (message: FromWorker): void => port.postMessage(message)
  const database = openForWriting(file)
  const commitGroup = createGroupCommit(database, file)
  port.on('message', (first: ToWorker) => {
    const messages = [first, ...takeQueued(port)]
    const writes = messages.flatMap(message => (message.type === 'write' ? message.writes : []))
    const begunMs = performance.now()
    if (writes.length > 0) {
      const results = commitGroup(writes)
      send({ type: 'committed', results, seconds: (performance.now() - begunMs) / 1000 })
    }
    if (messages.some(message => message.type === 'close')) {
      database.close()
      port.close()
    }
  })
  send({ type: 'opened' })
}

function takeQueued(port: MessagePort): ToWorker[] {
  const messages: ToWorker[] = []
  for (let next = receiveMessageOnPort(port); next; next = receiveMessageOnPort(port)) messages.push(next.message)
  return messages
}

if (parentPort) {
  const { file } = workerData
  try {
    serve(parentPort, file)
  } catch (thrown) {
    parentPort.postMessage({ type: 'refused', message: describeFailure(file, thrown) } satisfies FromWorker)
  }
}
